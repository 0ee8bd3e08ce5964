# shellcheck shell=bash
# What Maven says of tests, made short. To be sourced.

# name CLASS: without what all of them begin with.
name() { printf '%s' "${1#org.pushserver.}"; }

# took SECONDS: in words.
took() { (($1 < 60)) && echo "$1 s" || echo "$(($1 / 60)) min $(($1 % 60)) s"; }

# beside COMMAND...: runs it beside what follows, and ends it with this script, however that ends. To be called once.
beside() {
  # In a session of its own it ends with all that it has started. Ctrl-C alone would not do: a script's jobs ignore it.
  setsid "$@" >/dev/null 2>&1 </dev/null &
  beside=$!
  trap 'kill -- "-$beside" "$beside" 2>/dev/null || true' EXIT
}

# How much is shown of what failed: who keeps the end of this alone, as some CI do, is to see why.
most_named=20 most_of_a_reason=300 most_of_a_line=1000 most_printed=15 most_of_a_printed_line=200

# tell_progress UNITS INTEGRATIONS LOG: reads what Maven says. Prints a line for each class of tests, what a test that
# fails says, and at last a line for each of those with the reason, and a line with the sum. UNITS and INTEGRATIONS: how
# many classes there should be, 0 when nobody knows.
tell_progress() {
  local units=$1 integrations=$2 log=$3 began=$SECONDS line class bad left
  local of=$units done=0 classes=0 run=0 failed=0 skipped=0 telling=0 well=false
  local which=() reasons=() failing=() errors=()
  local result='Tests run: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+), Skipped: ([0-9]+), Time elapsed: ([0-9.]+ s).* -- in (.*)$'
  while IFS= read -r line || [[ $line ]]; do
    if [[ $line =~ $result ]]; then
      class=${BASH_REMATCH[6]} bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
      ((run += BASH_REMATCH[1], failed += bad, skipped += BASH_REMATCH[4], classes += 1, done += 1))
      left=${BASH_REMATCH[4]}
      printf '  %3d%s  %-44s %5d tests %9s%s\n' "$done" "$( ((of == 0)) || echo " of $of")" "$(name "$class")" \
        "${BASH_REMATCH[1]}" "${BASH_REMATCH[5]}" "$( ((left == 0)) || echo ", $left left out")$( ((bad == 0)) || echo ", $bad FAILED")"
      ((bad == 0)) || failing+=("$class")
    elif [[ $line =~ ^\[ERROR\]\ (.*)\ --\ Time\ elapsed:.*\<\<\<\ (FAILURE|ERROR)! ]]; then
      which+=("$(name "${BASH_REMATCH[1]}")")
      reasons+=("")
      telling=41
    fi
    # What a test that failed says ends with an empty line. Of its stack only our part is of use.
    [[ $line ]] || telling=0
    # The first line, and the next one if that has no more than the name of an exception.
    if ((telling > 0 && telling < 41)) && [[ ${reasons[-1]} =~ ^([A-Za-z0-9.$]*:?\ *)?$ && ! $line =~ ^[[:space:]]+at\  ]]; then
      reasons[-1]+="${reasons[-1]:+ }${line#org.opentest4j.}"
    fi
    if ((telling > 0)) && [[ ! $line =~ ^[[:space:]]+at\ (java|jdk|org\.junit)[./] ]]; then
      ((telling -= 1))
      echo "    ${line:0:most_of_a_line}"
    fi
    case $line in
      '[INFO] ---'*'(default-compile)'*) echo Compiling ;;
      '[INFO] ---'*surefire*:test\ *) done=0 of=$units && echo "Unit tests" ;;
      '[INFO] ---'*:shade\ *) echo "Packing the jar" ;;
      '[INFO] ---'*:integration-test\ *) done=0 of=$integrations && echo "Integration tests" ;;
      '[INFO] BUILD SUCCESS'*) well=true ;;
      '[ERROR]'*) errors+=("$line") ;;
    esac
  done
  for class in "${failing[@]}"; do
    printed "$class"
  done
  local one
  for ((one = 0; one < ${#which[@]} && one < most_named; one++)); do
    line="${which[one]}: ${reasons[one]}"
    echo "FAILED: ${line:0:most_of_a_reason}"
  done
  local sum="$((run - failed - skipped)) tests passed, $failed failed" list
  printf -v list ', %s' "${which[@]}"
  ((${#which[@]} == 0)) || sum+=" (${list#, })"
  ((skipped == 0)) || sum+=", $skipped were left out"
  sum+=", in $classes classes and $(took $((SECONDS - began))). All that Maven said is in $log."
  if $well; then
    echo "$sum"
  elif ((failed)); then
    echo "FAILED: $sum"
  else
    # A compiler, the formatter, or the end of a JVM.
    printf '%s\n' "${errors[@]:0:40}"
    echo "FAILED, but not by a test: $sum"
  fi
}

# printed CLASS: the end of what it printed while it ran.
printed() {
  local file
  for file in target/{surefire,failsafe}-reports/"$1"-output.txt; do
    [[ -s $file ]] || continue
    echo "The last lines of $file:"
    tail -n "$most_printed" "$file" | sed -E "s/^/    /; s/^(.{$most_of_a_printed_line}).*/\\1/"
  done
}
