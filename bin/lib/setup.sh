# shellcheck shell=bash
# Sees to it that a JDK and Maven, and what else a command needs, are here. To be sourced, in the top directory.

# shellcheck source=bin/lib/java.sh
source bin/lib/java.sh

oldest_maven=3.8

# find_maven: whether a Maven on the path is new enough. Needs a Java to ask it.
find_maven() {
  [[ $(mvn -v 2>&1) =~ Apache\ Maven\ ([0-9]+)\.([0-9]+) ]] || return 1
  local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  ((major > ${oldest_maven%.*} || (major == ${oldest_maven%.*} && minor >= ${oldest_maven#*.})))
}

# look [PROGRAM=PACKAGE...]: sets missing (words) and packages (Debian's names) to what is not here; exports JAVA_HOME
# when there is a JDK.
look() {
  local maven=true tool
  missing=() packages=()
  if find_java javac; then
    export JAVA_HOME=$java_home
    find_maven || maven=false
  else
    missing+=("a JDK $oldest_java or newer")
    packages+=("$(jdk_package)")
    # Without Java, Maven cannot say its version; it is asked when there is one.
    command -v mvn >/dev/null || maven=false
  fi
  if ! $maven; then
    missing+=("Maven $oldest_maven or newer")
    packages+=(maven)
  fi
  for tool; do
    if ! command -v "${tool%%=*}" >/dev/null; then
      missing+=("${tool%%=*}")
      packages+=("${tool#*=}")
    fi
  done
}

# jdk_package: the release this is tested with where there is one, else what the distribution prefers.
jdk_package() {
  local name
  for name in openjdk-17-jdk-headless openjdk-21-jdk-headless; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo default-jdk-headless
}

# line_to_run: the one line with which root's help is asked for.
line_to_run() {
  local install="apt-get install -y --no-install-recommends ${packages[*]}"
  if command -v sudo >/dev/null; then
    echo "sudo apt-get update && sudo $install"
  else
    # With the dash: dpkg needs the directories of root's own path.
    echo "su - -c 'apt-get update && $install'"
  fi
}

# log_of FILE: what a failed step said last.
log_of() {
  printf '%s\n' "--- the end of $1:" "$(tail -n "${2:-20}" "$1")" '---' >&2
}

# install_with_apt [SUDO...]: installs what look found missing; the words before apt-get make it root.
install_with_apt() {
  local log=target/setup.log
  local apt=("$@" env "PATH=$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  mkdir -p target
  echo "Installing them with apt, which takes a minute or two (log: $log) ..."
  # The list of packages is often older than the packages: it is fetched first, and again looked at.
  "${apt[@]}" update >"$log" 2>&1 </dev/null || true
  look "${tools[@]}"
  if ! "${apt[@]}" install --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null; then
    log_of "$log"
    die "apt could not install ${packages[*]}."
  fi
}

# ensure_tools [PROGRAM=PACKAGE...]: returns with a JDK in JAVA_HOME, a Maven and these programs on the path, or says
# what to do and ends.
ensure_tools() {
  local tools=("$@")
  look "${tools[@]}"
  ((${#missing[@]})) || return 0
  local wanted
  printf -v wanted ', %s' "${missing[@]}"
  echo "Missing on this machine: ${wanted#, }."
  if ! command -v apt-get >/dev/null; then
    die "install that with this system's package manager, and run $(basename "$0") again."
  elif ((EUID == 0)); then
    install_with_apt
  elif sudo -n true 2>/dev/null; then
    install_with_apt sudo -n
  else
    printf '%s\n' "Installing it takes root. Run this line, then $(basename "$0") again:" "  $(line_to_run)" >&2
    exit 1
  fi
  look "${tools[@]}"
  ((${#missing[@]} == 0)) || die "still missing, because apt has only older ones: ${missing[*]}."
}
