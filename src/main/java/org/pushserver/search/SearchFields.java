// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.api.Printable;
import org.pushserver.api.RequestRefused;
import org.pushserver.trail.Accounts;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;

/** The parameters of a search. Each that is wrong is refused by its name. */
final class SearchFields {
  private static final int USUAL_LIMIT = 100;
  private static final int LONGEST = 1024;
  private static final Pattern ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** What entries are chosen by. */
  private static final List<String> FILTERS =
      List.of(
          "id",
          "call-id",
          "account",
          "device-id",
          "token",
          "token-hash",
          "app-id",
          "platform",
          "outcome",
          "reason");

  /** Which of those that were chosen are told, and how. */
  private static final List<String> PAGES = List.of("from", "to", "cursor", "limit", "format");

  private final MultiMap query;

  private SearchFields(MultiMap query, List<String> known) {
    this.query = query;
    for (String name : query.names()) {
      if (!known.contains(name)) {
        throw RequestRefused.badRequest(
            "%s is no parameter; there are %s"
                .formatted(Printable.quote(name), String.join(", ", known)));
      }
      if (query.getAll(name).size() > 1) {
        throw wrong(name, "it stands there twice");
      }
    }
  }

  /** Those of a search for pushes. */
  static SearchFields ofSearch(MultiMap query) {
    return new SearchFields(query, Stream.concat(FILTERS.stream(), PAGES.stream()).toList());
  }

  /** Those of whoever wants to be told what comes. */
  static SearchFields ofEvents(MultiMap query) {
    return new SearchFields(query, FILTERS);
  }

  /** Those of the search for a call. */
  static void checkNone(MultiMap query) {
    SearchFields unused = new SearchFields(query, List.of());
  }

  private static RequestRefused wrong(String name, String why) {
    return RequestRefused.badRequest(name + ": " + why);
  }

  /** What they ask for. */
  TrailQuery query(TrailScope scope) {
    return new TrailQuery(
        scope,
        push(),
        text("call-id"),
        Accounts.of(text("account")),
        device(text("device-id")),
        tokenHash(),
        text("app-id"),
        text("platform").toLowerCase(Locale.ROOT),
        ends(),
        text("reason"),
        time("from", 0),
        time("to", Long.MAX_VALUE),
        text("cursor"),
        limit());
  }

  /**
   * In what form the answer is wanted.
   *
   * @param accept the header; null for none
   */
  AnswerFormat format(String accept) {
    String format = text("format");
    if (format.isEmpty()) {
      return AnswerFormat.accepted(accept);
    }
    for (AnswerFormat known : AnswerFormat.values()) {
      if (TrailJson.word(known).equals(format)) {
        return known;
      }
    }
    throw wrong("format", "it must be json, jsonl or csv");
  }

  private String text(String name) {
    String value = query.get(name);
    if (value == null) {
      return "";
    }
    if (value.length() > LONGEST) {
      throw wrong(name, "it may have " + LONGEST + " characters");
    }
    return value;
  }

  private UUID push() {
    String id = text("id");
    if (id.isEmpty()) {
      return null;
    }
    if (!ID.matcher(id).matches()) {
      throw wrong("id", "it must be the id of a push, as 8a3f0c1e-52a1-4d0b-9c57-3b1f6f2f7c11");
    }
    return UUID.fromString(id);
  }

  /** As requests spell it: with or without what a SIP header puts around it. */
  private static String device(String text) {
    String id = text.replace("\"", "").replace("<", "").replace(">", "");
    String urn = "urn:uuid:";
    return id.regionMatches(true, 0, urn, 0, urn.length()) ? id.substring(urn.length()) : id;
  }

  private long tokenHash() {
    String hash = text("token-hash");
    if (hash.isEmpty()) {
      return TokenHash.of(text("token"));
    }
    if (!hash.matches("[0-9A-Fa-f]{16}")) {
      throw wrong("token-hash", "it must have 16 hex digits");
    }
    return Long.parseUnsignedLong(hash, 16);
  }

  private Set<TrailEnd> ends() {
    String words = text("outcome");
    Set<TrailEnd> ends = EnumSet.noneOf(TrailEnd.class);
    if (!words.isEmpty()) {
      Map<String, TrailEnd> known =
          Stream.of(TrailEnd.values()).collect(Collectors.toMap(TrailJson::word, end -> end));
      for (String word : words.split(",", -1)) {
        TrailEnd end = known.get(word.strip());
        if (end == null) {
          throw wrong(
              "outcome",
              Printable.quote(word)
                  + " is none; it must be one or more, separated by commas, of "
                  + Stream.of(TrailEnd.values())
                      .map(TrailJson::word)
                      .collect(Collectors.joining(", ")));
        }
        ends.add(end);
      }
    }
    return ends;
  }

  private long time(String name, long otherwise) {
    String text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,15}")) {
      return Long.parseLong(text);
    }
    try {
      // In a query, + stands for a space.
      return OffsetDateTime.parse(text.replace(' ', '+')).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw wrong(
          name, "it must be a time such as 2026-11-30T04:00:00Z, or milliseconds since 1970");
    }
  }

  private int limit() {
    String text = text("limit");
    if (text.isEmpty()) {
      return USUAL_LIMIT;
    }
    int limit = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > TrailQuery.MOST) {
      throw wrong("limit", "it must be a number from 1 to " + TrailQuery.MOST);
    }
    return limit;
  }
}
