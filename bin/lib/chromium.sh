# Sourced by bin/test: Debian's Chromium and fonts, for the tests that look at pages.

find_chromium() {
    if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi dejavu; then return; fi
    apt_install chromium fonts-dejavu-core fonts-noto-color-emoji fontconfig ||
        fail "Chromium is needed to test the pages. As root: apt-get install chromium fonts-dejavu-core fontconfig"
}
