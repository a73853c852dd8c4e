# Shared by the scripts: installs what is missing, configures, builds. Sourced, not run.
set -eu
cd "$(dirname "$0")/.."

build_packages="cmake ninja-build g++ libcli11-dev libyaml-cpp-dev nlohmann-json3-dev libfmt-dev libmd-dev libkainjow-mustache-dev"
test_packages="doctest-dev librapidcheck-dev libvalijson-dev python3 chromium weasyprint default-jre-headless pandoc poppler-utils jq libxml2-utils"

# install PACKAGE...: through apt-get, only what is missing; as root, or with sudo where there is one.
install() {
  missing=""
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  echo "installing:$missing" >&2
  sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "install these packages as root:$missing" >&2; exit 2; }
    sudo=sudo
  fi
  $sudo apt-get update -qq >&2
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2
}

# configure FOLDER OPTION...: quick when nothing changed. Both scripts build the same objects, so that one warms the other.
configure() {
  folder=$1
  shift
  launcher=""
  if command -v ccache >/dev/null; then launcher="-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"; fi
  # shellcheck disable=SC2086
  cmake -S . -B "$folder" -G Ninja $launcher "$@" >/dev/null
}
