"""What tests share: small projects, slow twins, figures with known values, LibreOffice."""
