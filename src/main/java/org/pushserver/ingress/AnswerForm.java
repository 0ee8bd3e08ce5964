// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** In which form a request wants its answer, as far as can be told before its body is read. */
final class AnswerForm {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String ANSWER = "answer=form";

  private AnswerForm() {}

  /** Whether its headers or its query ask for a form. */
  static boolean isAsked(HttpServerRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains(FORM)) {
      return true;
    }
    String query = request.query();
    return query != null && ("&" + query + "&").contains("&" + ANSWER + "&");
  }
}
