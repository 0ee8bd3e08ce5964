// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import java.util.Map;

/**
 * Reads the fields of a request, whichever of three ways it has to say them: a JSON object, a form,
 * or a form in the query. The first character decides, because content types are what scripts get
 * wrong. Pure.
 */
final class RequestReader {
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private RequestReader() {}

  /**
   * Reads them.
   *
   * @throws RequestRefused when they cannot be read
   */
  static RequestFields read(IncomingPush asked) {
    byte[] body = asked.body();
    int first = firstCharacter(body);
    if (first < body.length) {
      return isForm(body[first], asked)
          ? FormReader.read(body, "body", longest(asked))
          : json(asked);
    }
    String query = asked.query();
    return query == null || query.isEmpty()
        ? json(asked)
        : FormReader.read(query.getBytes(ISO_8859_1), "query", longest(asked));
  }

  private static RequestFields json(IncomingPush asked) {
    return JsonReader.read(asked.body(), asked.policy().json());
  }

  private static int longest(IncomingPush asked) {
    return asked.policy().limits().maxString();
  }

  private static int firstCharacter(byte[] body) {
    int at = 0;
    while (at < BYTE_ORDER_MARK.length && at < body.length && body[at] == BYTE_ORDER_MARK[at]) {
      at++;
    }
    at = at == BYTE_ORDER_MARK.length ? at : 0;
    while (at < body.length && FormReader.isBlank(body[at])) {
      at++;
    }
    return at;
  }

  /** What begins as no name can, or says that it is JSON, is told what is wrong with its JSON. */
  private static boolean isForm(byte first, IncomingPush asked) {
    return first != '{' && canBeginName(first) && !saysJson(asked.headers());
  }

  private static boolean canBeginName(byte first) {
    return Character.isLetterOrDigit(first) || first == '%' || first == '_' || first == '&';
  }

  private static boolean saysJson(Iterable<Map.Entry<String, String>> headers) {
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase("content-type")) {
        return header.getValue().toLowerCase(Locale.ROOT).contains("json");
      }
    }
    return false;
  }
}
