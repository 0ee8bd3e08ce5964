# shellcheck shell=bash
# Sees to it that Java, Maven and what else a command needs are here. To be sourced, in the top directory.

# shellcheck source=bin/lib/java.sh
source bin/lib/java.sh

oldest_maven=3.8
# Whether something is built: else a JRE is enough, and Maven is not asked for.
building=true

# find_maven: whether a Maven on the path is new enough. Needs a Java to ask it.
find_maven() {
  [[ $(mvn -v 2>&1) =~ Apache\ Maven\ ([0-9]+)\.([0-9]+) ]] || return 1
  local major=${BASH_REMATCH[1]} minor=${BASH_REMATCH[2]}
  ((major > ${oldest_maven%.*} || (major == ${oldest_maven%.*} && minor >= ${oldest_maven#*.})))
}

# look [PROGRAM=PACKAGE[,PACKAGE...]...]: sets missing (words) and packages (Debian's names) to what is not here; exports
# JAVA_HOME when Java is there.
look() {
  local maven=true tool wanted kind=jdk program=javac which="$oldest_java or newer"
  missing=() packages=()
  $building || kind=jre program=java
  [[ -z $newest_java ]] || which=$newest_java
  if find_java $program; then
    export JAVA_HOME=$java_home
    ! $building || find_maven || maven=false
  else
    missing+=("a ${kind^^} $which")
    packages+=("$(java_package $kind)")
    # Without Java, Maven cannot say its version; it is asked when there is one.
    command -v mvn >/dev/null || maven=false
  fi
  if $building && ! $maven; then
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

# java_package jdk|jre: the release this is tested with where there is one, else what the distribution prefers.
java_package() {
  local name
  for name in "openjdk-17-$1-headless" "openjdk-21-$1-headless"; do
    if apt-cache show "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo "default-$1-headless"
}

# find_way_to_maven_central: sets maven_options to the proxy that the environment names for all programs. Maven does not
# look there; who has written settings for it has said all that it needs.
maven_options=()
find_way_to_maven_central() {
  local proxy=${https_proxy:-${HTTPS_PROXY:-}} none=${no_proxy:-${NO_PROXY:-}} file=target/proxy-settings.xml
  local form='^(https?://)?(([^:@/]*)(:([^@/]*))?@)?([^:/@]+)(:([0-9]+))?/?$'
  [[ -n $proxy && ! -e ${HOME:-/root}/.m2/settings.xml ]] || return 0
  [[ $proxy =~ $form ]] || die "https_proxy is no http://HOST:PORT or http://USER:PASSWORD@HOST:PORT. Unset it for this command, or write ~/.m2/settings.xml."
  mkdir -p target
  # It may have a password.
  rm -f "$file"
  (
    umask 077
    {
      echo '<settings><proxies><proxy><active>true</active><protocol>http</protocol>'
      echo "<host>$(as_xml "${BASH_REMATCH[6]}")</host><port>${BASH_REMATCH[8]:-80}</port>"
      [[ -z ${BASH_REMATCH[3]} ]] ||
        echo "<username>$(as_xml "${BASH_REMATCH[3]}")</username><password>$(as_xml "${BASH_REMATCH[5]}")</password>"
      # There .example.com is what *.example.com is here.
      none=,${none// /}
      none=${none//,./,*.}
      none=${none#,}
      echo "<nonProxyHosts>$(as_xml "${none//,/|}")</nonProxyHosts>"
      echo '</proxy></proxies></settings>'
    } >"$file"
  )
  maven_options=(-s "$PWD/$file")
}

# as_xml TEXT: %41 is A, as in all addresses. A backslash is one: COMPANY\USER.
as_xml() {
  local text=${1//\\/\\\\}
  printf -v text '%b' "${text//%/\\x}"
  text=${text//&/'&amp;'}
  text=${text//</'&lt;'}
  printf '%s' "$text"
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
  in_checkout || log=$(mktemp "${TMPDIR:-/tmp}/pushserver-setup.XXXXXX")
  local apt=("$@" env "PATH=$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  mkdir -p "${log%/*}"
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

# ensure_tools [PROGRAM=PACKAGE...]: returns with Java in JAVA_HOME, a Maven if one is needed, and these programs on the
# path, or says what to do and ends.
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
