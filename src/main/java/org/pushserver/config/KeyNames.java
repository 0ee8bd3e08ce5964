// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.spi.Problem;

/**
 * The names that mean something in the two files, and what a wrong one was probably meant to be.
 */
final class KeyNames {
  static final Set<String> DELIVERY =
      Set.of(
          "call_deadline",
          "message_deadline",
          "request_timeout",
          "max_queue",
          "max_connections",
          "call_ttl",
          "answer_wait",
          "repeat_without_ack");

  private static final Set<String> DOORS =
      Stream.of(
              Stream.of("wait"),
              Stream.of(ForeignDoor.values()).map(ForeignDoor::key),
              ForeignDoors.NAMELESS.stream().map(ForeignDoor::applicationKey))
          .flatMap(names -> names)
          .collect(Collectors.toUnmodifiableSet());

  /** The sections of general.ini and their keys. */
  static final Map<String, Set<String>> GENERAL =
      Map.of(
          "server",
          Set.of(
              "host",
              "port",
              "tls_certificate",
              "tls_client_ca",
              "return_async",
              "on_disconnect",
              "allow_get",
              "acks",
              "dead_token_url",
              "allowed_hosts",
              "trusted_proxies",
              "api_keys",
              "log_to_file",
              "log_file",
              "log_file_keep",
              "log_file_max_age",
              "log_file_max_size",
              "log_format",
              "log_journal",
              "spool",
              "spool_after",
              "spool_dir",
              "state_dir",
              "trail",
              "trail_days",
              "trail_max_size",
              "trail_sample",
              "console",
              "console_user_header",
              "debug",
              "debug_hpack",
              "drain_timeout",
              "hep_url",
              "hep_key",
              "hep_node",
              "hep_id",
              "admin_host",
              "admin_port"),
          "applications",
          Set.of("config_file", "credentials_folder", "extra_applications_dir", "extra_pns_dir"),
          CassandraSettings.SECTION,
          Set.of(
              "cluster_contact_points",
              "keyspace",
              "table",
              "debug",
              "port",
              "datacenter",
              "user",
              "password",
              "tls",
              "ca_file",
              "consistency",
              "timeout"),
          TokenSettings.SECTION,
          Set.of("store", "file", "cache", "token_max_age"),
          "limits",
          Set.of(
              "queue_memory",
              "max_body",
              "max_headers",
              "idle_timeout",
              "max_clients",
              "max_depth",
              "max_string",
              "max_resets",
              "max_requests",
              "rate_limit",
              "rate_burst"),
          "delivery",
          DELIVERY,
          ClusterSettings.SECTION,
          Set.of(
              "name",
              "address",
              "port",
              "bus_port",
              "node",
              "members",
              "tls_certificate",
              "tls_key",
              "tls_ca",
              "insecure"),
          "bus",
          Set.of("push", "api_keys", "prefix"),
          "doors",
          DOORS);

  private static final int SHOWN = 40;

  private KeyNames() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A key for a message, cut when it is so long that it is rather a piece of a pasted secret. */
  static String shown(String key) {
    return key.length() <= SHOWN ? key : key.substring(0, 8) + "…";
  }

  /** Spells known keys with underscores, whichever dash the file has; leaves other keys alone. */
  static Map<String, String> canonical(Map<String, String> keys, Predicate<String> known) {
    Map<String, String> canonical = new LinkedHashMap<>();
    keys.forEach(
        (key, value) -> {
          String name = key.replace('-', '_');
          canonical.put(known.test(name) ? name : key, value);
        });
    return canonical;
  }

  /**
   * Reports a known key that stands in a section both with a dash and with an underscore: one of
   * the two would be dropped without a word.
   */
  static void reportSpeltTwice(
      IniFile ini,
      String section,
      Map<String, String> keys,
      Predicate<String> known,
      Consumer<Problem> problems) {
    Map<String, String> seen = new LinkedHashMap<>();
    for (String key : keys.keySet()) {
      String name = key.replace('-', '_');
      String other = known.test(name) ? seen.putIfAbsent(name, key) : null;
      if (other != null && !ini.defaults().containsKey(other)) {
        problems.accept(
            new Problem(
                Problem.Severity.ERROR,
                ini.file(),
                section,
                name,
                "it is there twice, as " + other + " and as " + key + "; remove one of the two"));
      }
    }
  }

  /** Warns of every key of a section that is not known and does not come from [DEFAULT]. */
  static void reportUnknown(
      IniFile ini,
      String section,
      Map<String, String> keys,
      Set<String> known,
      Consumer<Problem> problems) {
    for (String key : keys.keySet()) {
      if (!known.contains(key) && !ini.defaults().containsKey(key)) {
        String hint =
            nearest(key, known).map(name -> "did you mean " + name + "?").orElse("remove it");
        problems.accept(
            new Problem(
                Problem.Severity.WARNING,
                ini.file(),
                section,
                shown(key),
                "unknown key, ignored; " + hint));
      }
    }
  }

  /** The name that differs least, in case or in two letters, or a third of them. */
  static Optional<String> nearest(String wrong, Collection<String> names) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String name : new TreeSet<>(names)) {
      int distance = distance(lower(wrong), lower(name));
      if (distance < least && distance <= Math.max(2, name.length() / 3)) {
        nearest = name;
        least = distance;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** Levenshtein's distance: the fewest letters to insert, remove or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
