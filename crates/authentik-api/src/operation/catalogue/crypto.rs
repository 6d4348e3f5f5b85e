//! Operations with the tag `crypto`.

operations! { "crypto"
    Write     2023.10..        Post   "/crypto/certificatekeypairs/" "crypto_certificatekeypairs_create"
    Dangerous 2023.10..        Delete "/crypto/certificatekeypairs/{kp_uuid}/" "crypto_certificatekeypairs_destroy"
    Write     2023.10..        Post   "/crypto/certificatekeypairs/generate/" "crypto_certificatekeypairs_generate_create"
    Read      2023.10..        Get    "/crypto/certificatekeypairs/" "crypto_certificatekeypairs_list"
    Dangerous 2023.10..        Patch  "/crypto/certificatekeypairs/{kp_uuid}/" "crypto_certificatekeypairs_partial_update"
    Read      2023.10..        Get    "/crypto/certificatekeypairs/{kp_uuid}/" "crypto_certificatekeypairs_retrieve"
    Dangerous 2023.10..        Put    "/crypto/certificatekeypairs/{kp_uuid}/" "crypto_certificatekeypairs_update"
    Read      2023.10..        Get    "/crypto/certificatekeypairs/{kp_uuid}/used_by/" "crypto_certificatekeypairs_used_by_list"
    Read      2023.10..        Get    "/crypto/certificatekeypairs/{kp_uuid}/view_certificate/" "crypto_certificatekeypairs_view_certificate_retrieve"
    Secret    2023.10..        Get    "/crypto/certificatekeypairs/{kp_uuid}/view_private_key/" "crypto_certificatekeypairs_view_private_key_retrieve"
}
