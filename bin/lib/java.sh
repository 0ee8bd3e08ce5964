# shellcheck shell=bash
# Finds Java and Pushserver's jar for the commands in bin/. To be sourced.

oldest_java=17
newest_java=

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")

die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# in_checkout: whether these commands stand among the source, where what they run is built.
in_checkout() { [[ -r $here/../../pom.xml ]]; }

# version_number: what pom.xml says, or what the release has written down beside this file; no jar is needed for it.
version_number() {
  local line
  if ! in_checkout; then
    echo "$(<"$here/version")"
    return
  fi
  while read -r line; do
    [[ $line == '<version>'*'</version>' ]] && line=${line#<version>} && echo "${line%</version>}" && return
  done <"$here/../../pom.xml"
}

version() { echo "Pushserver $(version_number)"; }

# java_trims: whether the Java that was found knows how to give memory of the C library back.
java_trims() {
  case $java_version in
    17) ((java_update >= 9)) ;;
    21) ((java_update >= 1)) ;;
    *) ((java_version >= 22)) ;;
  esac
}

# java_is_wanted HOME: also sets java_version, and java_update of it: the release file is read first, because asking Java itself costs a start of the JVM.
java_is_wanted() {
  local said=
  [[ -r $1/release ]] && said=$(<"$1/release")
  [[ $said =~ JAVA_VERSION=\"([0-9]+)(\.0\.([0-9]+))? ]] || said=$("$1/bin/java" -version 2>&1) || return 1
  [[ $said =~ JAVA_VERSION=\"([0-9]+)(\.0\.([0-9]+))? || $said =~ version\ \"([0-9]+)(\.0\.([0-9]+))? ]] || return 1
  java_version=${BASH_REMATCH[1]}
  java_update=${BASH_REMATCH[3]:-0}
  ((java_version >= oldest_java)) && { [[ -z $newest_java ]] || ((java_version <= newest_java)); }
}

# find_java PROGRAM: sets java_home to a Java that has PROGRAM (java, or javac for a whole JDK).
find_java() {
  local program=$1 on_path
  on_path=$(command -v "$program") && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/*}
  for java_home in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/*; do
    if [[ -n $java_home && -x $java_home/bin/$program ]] && java_is_wanted "$java_home"; then
      return
    fi
  done
  return 1
}

# find_jar: sets jar to Pushserver's: of a checkout, of the archive of a release, of a package.
find_jar() {
  for jar in "$here/../../target/pushserver.jar" "$here/../../lib/pushserver.jar" "$here/../../pushserver.jar"; do
    # An archive is of a jar at one place, written one way.
    [[ -r $jar ]] && jar=$(readlink -f "$jar") && return
  done
  return 1
}

# find_java_and_jar: sets java_home and jar, or says what to do and ends.
find_java_and_jar() {
  find_java java || die "Java $oldest_java or newer is needed; install it, or set JAVA_HOME to it."
  find_jar || die "$(why_no_jar)"
}

# why_no_jar: one sentence.
why_no_jar() {
  if in_checkout; then
    echo "pushserver.jar is not built yet; bin/quickstart does that."
  else
    echo "pushserver.jar is missing in $(readlink -f "$here/../.."); install this version once more."
  fi
}
