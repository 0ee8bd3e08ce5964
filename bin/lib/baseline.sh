# shellcheck shell=bash
# Compares what is built with the last release. To be sourced, after setup.sh.

# last_release: prints the path of its jar: what PUSHSERVER_BASELINE names, or else what the newest tag (v1.2.3) before this
# commit is built to, once. Prints nothing when there was no release.
last_release() {
  local tag folder
  if [[ ${PUSHSERVER_BASELINE-} ]]; then
    [[ -r $PUSHSERVER_BASELINE ]] || die "PUSHSERVER_BASELINE names $PUSHSERVER_BASELINE, which cannot be read."
    echo "$PUSHSERVER_BASELINE"
    return
  fi
  tag=$(git describe --tags --abbrev=0 --match 'v[0-9]*' HEAD^ 2>/dev/null) || return 0
  folder=$PWD/target/release-$tag
  if [[ ! -r $folder/target/pushserver.jar ]]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    git archive "$tag" | tar -x -C "$folder"
    # shellcheck disable=SC2154  # setup.sh has it
    (cd "$folder" && mvn -B -ntp "${maven_options[@]}" -q -Dmaven.test.skip=true package) >&2 </dev/null ||
      die "$tag, the last release, could not be built. PUSHSERVER_BASELINE may name its jar."
  fi
  echo "$folder/target/pushserver.jar"
}

# compare_with_last_release: whether a push costs no more than with that, nor the memory, nor the start, by more than a tenth.
# Says so when there is none. A noisy machine gets a second chance.
compare_with_last_release() {
  local jar
  jar=$(last_release) || return 1
  if [[ -z $jar ]]; then
    echo "Not compared with the last release: there is none, no tag like v1.2.3 and no jar in PUSHSERVER_BASELINE."
    return
  fi
  echo "Comparing with $jar ..."
  bin/bench --quick --only regression --baseline "$jar" --at-most 10 && return
  echo "Once more, as a machine that does other things, too, is no good judge ..."
  bin/bench --quick --only regression --baseline "$jar" --at-most 10 && return
  echo "FAILED: worse than the last release, $jar, by more than a tenth."
  return 1
}
