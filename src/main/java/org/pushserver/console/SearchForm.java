// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.MultiMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pushserver.trail.Accounts;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;

/**
 * What a reader has asked for: all of it stands in the address of the page, under the names that
 * the API has, too. Immutable.
 */
final class SearchForm {
  /** The box that takes whatever a ticket has: an id, a call-id, an account, a device, a token. */
  static final String BOX = "q";

  /** Of a push: an answer has it, and a log. */
  static final String ID = "id";

  static final String CALL_ID = "call-id";
  static final String ACCOUNT = "account";
  static final String DEVICE = "device-id";
  static final String TOKEN = "token";
  static final String APPLICATION = "application";
  static final String OUTCOME = "outcome";
  static final String REASON = "reason";
  static final String FROM = "from";
  static final String TO = "to";
  static final String CURSOR = "cursor";

  /** All names, in the order of the form. */
  static final List<String> NAMES =
      List.of(
          BOX, ID, CALL_ID, ACCOUNT, DEVICE, TOKEN, APPLICATION, OUTCOME, REASON, FROM, TO, CURSOR);

  /** In {@link #OUTCOME}: whatever somebody may complain of. */
  static final String FAILED = "failed";

  private static final Pattern PUSH_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private static final Set<TrailEnd> FAILURES =
      EnumSet.complementOf(EnumSet.of(TrailEnd.DELIVERED, TrailEnd.SUPERSEDED));

  private final Map<String, String> values;
  private final List<String> faults = new ArrayList<>();
  private final Set<TrailEnd> ends;
  private final long from;
  private final long to;

  /**
   * One of the searches that a form means.
   *
   * @param name of the field that it is by; empty when it is by none
   * @param value of that field
   */
  record Probe(String name, String value, TrailQuery query) {}

  /**
   * @param query the address after its path
   */
  SearchForm(MultiMap query) {
    values = new LinkedHashMap<>();
    for (String name : NAMES) {
      String value = query.get(name);
      values.put(name, value == null ? "" : value.strip());
    }
    // Whoever copies the address of a page copies no token.
    values.computeIfPresent(TOKEN, (name, token) -> hashed(token));
    if (!value(ID).isEmpty() && !PUSH_ID.matcher(value(ID)).matches()) {
      faults.add("This is no id of a push: " + Excerpt.of(value(ID)).text() + ".");
    }
    ends = ends(values.get(OUTCOME));
    from = time(FROM, 0);
    to = time(TO, Long.MAX_VALUE);
  }

  /** The text of a field; empty when it has none. */
  String value(String name) {
    return values.get(name);
  }

  /** What is wrong with it, each in a sentence. */
  List<String> faults() {
    return faults;
  }

  /** Whether anything is asked for. */
  boolean isEmpty() {
    return values.values().stream().allMatch(String::isEmpty);
  }

  /** Whether anything but the one box is used. */
  boolean hasFilters() {
    return values.entrySet().stream()
        .anyMatch(
            one ->
                !one.getKey().equals(BOX)
                    && !one.getKey().equals(CURSOR)
                    && !one.getValue().isEmpty());
  }

  /**
   * The searches that it means: one, or with the box one for each thing that may stand there.
   *
   * @param limit entries that each finds at the most
   */
  List<Probe> probes(TrailScope scope, int limit) {
    String text = value(BOX);
    if (text.isEmpty()) {
      return List.of(new Probe("", "", query(scope, values, limit)));
    }
    List<Probe> probes = new ArrayList<>();
    for (String name : List.of(ID, CALL_ID, ACCOUNT, DEVICE, TOKEN)) {
      if (value(name).isEmpty() && (!name.equals(ID) || PUSH_ID.matcher(text).matches())) {
        Map<String, String> with = new LinkedHashMap<>(values);
        String value = name.equals(TOKEN) ? hashed(text) : text;
        with.put(name, value);
        probes.add(new Probe(name, value, query(scope, with, limit)));
      }
    }
    return probes.isEmpty() ? List.of(new Probe("", "", query(scope, values, limit))) : probes;
  }

  private TrailQuery query(TrailScope scope, Map<String, String> with, int limit) {
    String application = with.get(APPLICATION);
    int slash = application.lastIndexOf('/');
    return new TrailQuery(
        scope,
        with.get(ID).isEmpty() || !PUSH_ID.matcher(with.get(ID)).matches()
            ? null
            : UUID.fromString(with.get(ID)),
        with.get(CALL_ID),
        Accounts.of(with.get(ACCOUNT)),
        with.get(DEVICE),
        with.get(TOKEN).isEmpty() ? 0 : Long.parseUnsignedLong(with.get(TOKEN), 16),
        slash < 0 ? application : application.substring(0, slash),
        slash < 0 ? "" : application.substring(slash + 1),
        ends,
        with.get(REASON),
        from,
        to,
        with.get(CURSOR),
        limit);
  }

  /** Of a whole token; itself if it is one already. */
  private static String hashed(String token) {
    return token.isEmpty() || token.matches("[0-9a-f]{16}")
        ? token
        : HexFormat.of().toHexDigits(TokenHash.of(token));
  }

  private Set<TrailEnd> ends(String text) {
    Set<TrailEnd> wanted = EnumSet.noneOf(TrailEnd.class);
    for (String word : text.split(",", -1)) {
      if (word.equals(FAILED)) {
        wanted.addAll(FAILURES);
      } else if (!word.isBlank()) {
        TrailEnd end = Outcomes.end(word.strip());
        if (end == null) {
          faults.add("There is no outcome " + Excerpt.of(word).text() + ".");
        } else {
          wanted.add(end);
        }
      }
    }
    return wanted;
  }

  /** As a browser sends it, without a zone, or as a log has it. */
  private long time(String name, long otherwise) {
    String text = value(name).replace(' ', 'T').toUpperCase(Locale.ROOT);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      Instant instant =
          text.endsWith("Z")
              ? Instant.parse(text)
              : LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text)
                  .toInstant(ZoneOffset.UTC);
      return instant.toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      faults.add(
          "The time '%s' must look like 2026-11-30 10:15 (UTC): %s"
              .formatted(name, Excerpt.of(value(name)).text()));
      return otherwise;
    }
  }

  /**
   * The address of a page that asks for the same but for some fields.
   *
   * @param path of the page
   * @param changes names and values in turn
   */
  String href(String path, String... changes) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.put(CURSOR, "");
    for (int i = 0; i < changes.length; i += 2) {
      changed.put(changes[i], changes[i + 1]);
    }
    return address(path, changed);
  }

  /** The address of a page with these fields; those without a value are left out. */
  static String address(String path, Map<String, String> fields) {
    String query =
        fields.entrySet().stream()
            .filter(one -> !one.getValue().isEmpty())
            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? path : path + "?" + query;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
