"""Organizations, their members and wallets, and the scope every query takes."""
