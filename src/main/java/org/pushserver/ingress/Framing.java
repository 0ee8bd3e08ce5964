// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * Finds heads of requests that a proxy in front of the server may have understood otherwise: where
 * the request ends, or whom it is for. Then one client could slip a request into another's
 * connection. Pure.
 */
final class Framing {
  private Framing() {}

  /**
   * What is ambiguous in the head of a request over HTTP/1.
   *
   * @return in a caller's words; null when there is nothing
   */
  static String fault(HttpServerRequest request) {
    return request.version() == HttpVersion.HTTP_2
        ? null
        : fault(request.headers(), request.version());
  }

  static String fault(MultiMap headers, HttpVersion version) {
    String coding = headers.get(HttpHeaders.TRANSFER_ENCODING);
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (coding != null) {
      if (length != null) {
        return "Content-Length and Transfer-Encoding exclude each other";
      }
      // To the letter: a folded line would have left a blank.
      if (!coding.equalsIgnoreCase("chunked")
          || version == HttpVersion.HTTP_1_0
          || headers.getAll(HttpHeaders.TRANSFER_ENCODING).size() > 1) {
        return "The only Transfer-Encoding is 'chunked'";
      }
    } else if (length != null && !isNumber(length)) {
      return "Content-Length must be one number";
    }
    return headers.getAll(HttpHeaders.HOST).size() > 1 ? "There is more than one Host" : null;
  }

  private static boolean isNumber(String text) {
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) < '0' || text.charAt(at) > '9') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
