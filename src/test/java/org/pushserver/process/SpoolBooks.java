// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.sandbox.Journal;
import org.pushserver.sandbox.Notification;

/**
 * The books of those outside of a server: what its clients were told, and what the push service
 * took. Each push has a token of its own, which is its call-id, too.
 */
final class SpoolBooks {
  /** How the log tells an end. */
  static final String ENDED = "push outcome call-id=([0-9a-f]{64}) ";

  private static final Pattern END = Pattern.compile(ENDED);

  private final Journal journal;
  private final AtomicInteger asked = new AtomicInteger();

  /** Of which a client was told 202. */
  private final Set<String> promised = ConcurrentHashMap.newKeySet();

  /** Of which a client was told the end. */
  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  private final Map<String, Integer> taken = new HashMap<>();
  private final Map<String, Integer> takenWhenTold = new HashMap<>();

  /** The apns-ids that came with each token. */
  private final Map<String, Set<String>> ids = new HashMap<>();

  private long heard;

  SpoolBooks(Journal journal) {
    this.journal = journal;
  }

  /** One that was not used so far. */
  String token() {
    return String.format(Locale.ROOT, "%064x", asked.incrementAndGet());
  }

  /** Asks for a push with a new token; completes with the answer, or with null without one. */
  CompletableFuture<HttpResponse<String>> ask(ServerProcess server, JsonObject more) {
    String token = token();
    return server
        .post(ServerProcess.ring(token).mergeIn(more).encode(), "content-type", "application/json")
        .handle(
            (answer, cause) -> {
              if (answer != null && answer.statusCode() == 202) {
                promised.add(token);
              } else if (answer != null && answer.statusCode() == 200) {
                answered.add(token);
              }
              return answer;
            });
  }

  /** Looks what the push service took since the last look. */
  void hear() {
    for (Notification one : journal.list(heard)) {
      heard = one.seq();
      if (one.status() == 200) {
        String token = one.path().replace("/3/device/", "");
        taken.merge(token, 1, Integer::sum);
        ids.computeIfAbsent(token, first -> new HashSet<>()).add(one.headers().get("apns-id"));
      }
    }
  }

  /** A server has been killed: what it and its clients were told of ends is not to come again. */
  void ended(ServerProcess server) {
    hear();
    for (String line : server.log().split("\n", -1)) {
      Matcher end = END.matcher(line);
      if (end.find()) {
        told(end.group(1));
      }
    }
    answered.forEach(this::told);
    answered.clear();
  }

  private void told(String token) {
    takenWhenTold.putIfAbsent(token, taken.getOrDefault(token, 0));
  }

  int asked() {
    return asked.get();
  }

  /** How many 202 there were. */
  int promised() {
    return promised.size();
  }

  /** How many ends were told of which a killed server, or a client of it, knew. */
  int told() {
    return takenWhenTold.size();
  }

  /** How often the push service took each. */
  Map<String, Integer> taken() {
    return taken;
  }

  /** What was promised and not taken. */
  Set<String> missing() {
    Set<String> missing = new HashSet<>(promised);
    missing.removeAll(taken.keySet());
    return missing;
  }

  /** What came again though its end was told. */
  Set<String> back() {
    Set<String> back = new HashSet<>();
    takenWhenTold.forEach(
        (token, count) -> {
          if (taken.getOrDefault(token, 0) > count) {
            back.add(token);
          }
        });
    return back;
  }

  long takenTwice() {
    return taken.values().stream().filter(count -> count > 1).count();
  }

  /** How many came under more than one id. */
  long renamed() {
    return ids.values().stream().filter(names -> names.size() > 1).count();
  }
}
