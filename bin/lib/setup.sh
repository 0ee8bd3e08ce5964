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

# look [PROGRAM=PACKAGE[,PACKAGE...]...]: sets missing (words) and packages (Debian's names) to what is not here; exports
# JAVA_HOME when there is a JDK.
look() {
  local maven=true tool wanted
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
      IFS=, read -ra wanted <<<"${tool#*=}"
      packages+=("${wanted[@]}")
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

# colours on a terminal that has them, unless NO_COLOR says no.
bold='' green='' red='' grey='' plain=''
if [[ -t 1 && -z ${NO_COLOR-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' grey=$'\e[90m' plain=$'\e[0m'
fi

# follow PID DESCRIBE LOG: says what a process in the background is doing, until it ends; DESCRIBE prints that, given its
# log. On a terminal in one line that changes, else in a line for each change, ten seconds apart at least.
follow() {
  local pid=$1 describe=$2 log=$3 began=$SECONDS said='' now next=0
  while kill -0 "$pid" 2>/dev/null; do
    now=$("$describe" "$log")
    if [[ -t 1 ]]; then
      printf '\r\e[K      %s%s (%d s)%s' "$grey" "${now:0:60}" "$((SECONDS - began))" "$plain"
    elif [[ $now != "$said" ]] && ((SECONDS >= next)); then
      printf '      %s (%d s)\n' "$now" "$((SECONDS - began))"
      said=$now next=$((SECONDS + 10))
    fi
    sleep 0.5
  done
  [[ ! -t 1 ]] || printf '\r\e[K'
}

# doing_apt LOG: what apt does, from its last line that says so.
doing_apt() {
  local line
  line=$(tail -n 40 "$1" 2>/dev/null | grep -aoE '^(Get:[0-9]+ .*|Unpacking [^ ]+|Setting up [^ ]+|Processing triggers for [^ ]+)' | tail -n 1) || true
  case $line in
    Get:*) echo "fetching packages" ;;
    '') echo "asking what there is" ;;
    *) echo "${line,}" ;;
  esac
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
  "${apt[@]}" update >"$log" 2>&1 </dev/null &
  follow $! doing_apt "$log"
  wait $! || true
  look "${tools[@]}"
  "${apt[@]}" install --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null &
  follow $! doing_apt "$log"
  if ! wait $!; then
    die "apt could not install ${packages[*]}: $(grep -a '^E:' "$log" | tail -n 1 || true) (log: $log)"
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

# offer_tools WHY PROGRAM=PACKAGE[,PACKAGE...]...: installs these where that can be done; else says what is done without.
offer_tools() {
  local why=$1
  shift
  local tools=("$@")
  look "${tools[@]}"
  ((${#missing[@]})) || return 0
  local root=()
  ((EUID == 0)) || root=(sudo -n)
  if command -v apt-get >/dev/null && { ((EUID == 0)) || sudo -n true 2>/dev/null; }; then
    (install_with_apt "${root[@]}") || true
    look "${tools[@]}"
  fi
  ((${#missing[@]} == 0)) || echo "Not here: ${missing[*]} ($(line_to_run)). $why"
}
