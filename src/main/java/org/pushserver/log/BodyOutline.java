// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a log shows of a body: the names of its fields, and of their values those that say how a
 * push is to be handled. Tokens are cut, and of what people wrote or are called only the length is
 * told. Pure.
 */
public final class BodyOutline {
  /** More than this is not shown of a value or a name. */
  private static final int LONGEST_VALUE = 100;

  private static final int LONGEST_NAME = 64;

  /** So much of a token tells two devices apart, and is no use to anybody. */
  private static final int SHOWN = 8;

  /** A word that may be a token; what is shorter, or has no digit, is a name. */
  private static final Pattern TOKEN =
      Pattern.compile("(?<![\\w:+=~-])(?=[A-Za-z_:+=~-]*+[0-9])[\\w:+=~-]{32,}+");

  private static final String DEVICE_PATH = "/device/";

  private static final JsonFactory JSON = new JsonFactory();

  /** Values that are long words with digits, and no tokens. */
  private static final Set<String> IDS =
      Set.of(
          "call-id",
          "collapse-id",
          "collapse-key",
          "device-id",
          "file-id",
          "id",
          "message-id",
          "name",
          "push-id",
          "session-id");

  private static final Set<String> OF_PUSHES =
      Set.of(
          "answer",
          "app-id",
          "badge",
          "call-id",
          "channel-id",
          "code",
          "collapse-id",
          "collapse-key",
          "content-available",
          "content-type",
          "default-sound",
          "device-id",
          "event",
          "expiration",
          "expires-at",
          "file-id",
          "filetype",
          "interruption-level",
          "loc-key",
          "media-type",
          "message-id",
          "mutable-content",
          "notification-priority",
          "on-disconnect",
          "platform",
          "pn-ttl",
          "priority",
          "push-id",
          "push-type",
          "reason",
          "send-time",
          "sent",
          "session-id",
          "silent",
          "sound",
          "time-to-live",
          "token-kind",
          "topic",
          "ttl",
          "user-agent",
          "wait");

  private static final Set<String> OF_ANSWERS =
      Set.of(
          "@type",
          "canonical-ids",
          "description",
          "domain",
          "error",
          "error-code",
          "error-description",
          "errorcode",
          "failure",
          "field",
          "id",
          "multicast-id",
          "name",
          "result",
          "service",
          "status",
          "success",
          "timestamp");

  private final boolean isAnswer;

  private BodyOutline(boolean isAnswer) {
    this.isAnswer = isAnswer;
  }

  /** Of what asks for a push: a request to us, or ours to a push service. */
  public static String ofPush(String body) {
    return new BodyOutline(false).of(body);
  }

  /** Of what was answered to that. */
  public static String ofAnswer(String body) {
    return new BodyOutline(true).of(body);
  }

  /** An address, the token in its path cut, and without its query. */
  public static String url(String url) {
    int query = url.indexOf('?');
    String path = query < 0 ? url : url.substring(0, query);
    StringBuilder shown = new StringBuilder(path.length());
    int device = path.indexOf(DEVICE_PATH);
    int start = 0;
    for (int end = path.indexOf('/'); start <= path.length(); end = path.indexOf('/', start)) {
      String part = path.substring(start, end < 0 ? path.length() : end);
      boolean isToken = device >= 0 && start == device + DEVICE_PATH.length();
      shown.append(isToken ? token(part) : withoutTokens(part));
      if (end < 0) {
        break;
      }
      shown.append('/');
      start = end + 1;
    }
    return query < 0 ? shown.toString() : shown.append("?...").toString();
  }

  private static String withoutTokens(String text) {
    return TOKEN.matcher(text).replaceAll(found -> token(found.group()));
  }

  private static String token(String token) {
    return token.length() <= SHOWN ? "..." : token.substring(0, SHOWN) + "...";
  }

  private String of(String body) {
    String text = body.strip();
    if (text.isEmpty()) {
      return "";
    } else if (text.charAt(0) == '{' || text.charAt(0) == '[') {
      return json(text);
    }
    int equals = text.indexOf('=');
    return equals > 0 && text.indexOf(' ') < 0 && text.indexOf('<') < 0
        ? form(text)
        : length(body, "no JSON");
  }

  private static String length(String text, String what) {
    return "(" + text.length() + " characters" + (what.isEmpty() ? "" : ", " + what) + ")";
  }

  private String json(String text) {
    StringWriter shown = new StringWriter(text.length());
    try (JsonParser in = JSON.createParser(text);
        JsonGenerator out = JSON.createGenerator(shown)) {
      copy(in, out);
    } catch (IOException e) {
      // Its message has a part of the text in it.
      return length(text, "no JSON");
    }
    return Secrets.body(shown.toString());
  }

  private void copy(JsonParser in, JsonGenerator out) throws IOException {
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      switch (token) {
        case START_OBJECT -> out.writeStartObject();
        case END_OBJECT -> out.writeEndObject();
        case START_ARRAY -> out.writeStartArray();
        case END_ARRAY -> out.writeEndArray();
        case FIELD_NAME -> out.writeFieldName(name(in.currentName()));
        case VALUE_STRING -> out.writeString(shown(path(in), in.getText()));
        case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> out.copyCurrentEvent(in);
        default -> number(in, out);
      }
    }
  }

  private void number(JsonParser in, JsonGenerator out) throws IOException {
    if (isShown(path(in))) {
      out.copyCurrentEvent(in);
    } else {
      out.writeString("(number)");
    }
  }

  private static String name(String name) {
    return name.length() <= LONGEST_NAME
        ? name
        : name.substring(0, SHOWN) + "..." + length(name, "");
  }

  /** The name under which a value stands, after that under which the object stands that has it. */
  private static String path(JsonParser in) {
    var context = in.getParsingContext();
    while (context.getParent() != null && context.getCurrentName() == null) {
      context = context.getParent();
    }
    String name = context.getCurrentName();
    if (name == null) {
      return "";
    }
    var above = context.getParent();
    while (above != null && above.getCurrentName() == null) {
      above = above.getParent();
    }
    return plain(above == null ? "" : above.getCurrentName()) + "." + plain(name);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private boolean isShown(String path) {
    String name = path.substring(path.indexOf('.') + 1);
    // Some names have that of their push service before them.
    return OF_PUSHES.contains(name)
        || OF_PUSHES.contains(name.substring(name.indexOf('-') + 1))
        || (isAnswer && (OF_ANSWERS.contains(name) || path.equals("error.message")));
  }

  private String shown(String path, String value) {
    String name = path.substring(path.indexOf('.') + 1);
    if (name.equals("url")) {
      return url(value);
    } else if (isToken(name)) {
      return token(value);
    } else if (isShown(path)) {
      String shown = IDS.contains(name) ? value : withoutTokens(value);
      return shown.length() <= LONGEST_VALUE
          ? shown
          : shown.substring(0, LONGEST_VALUE) + "..." + length(value, "");
    }
    return length(value, "");
  }

  private static boolean isToken(String name) {
    return name.equals("token") || name.endsWith("-token") || name.equals("pn-prid");
  }

  private String form(String text) {
    StringBuilder shown = new StringBuilder();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      shown.append(shown.isEmpty() ? "" : "&").append(name(name)).append('=');
      shown.append(value.isEmpty() ? "" : shown("." + plain(name), value));
    }
    return Secrets.body(shown.toString());
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
