"""From lead to capture without a hand: rules that ask for photos."""
