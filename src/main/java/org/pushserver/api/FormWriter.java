// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.util.List;

/**
 * Writes the form that scripts read: one line of ASCII, without names that have no value. Confined
 * to one thread.
 */
final class FormWriter {
  /** The content type of a form. */
  static final String TYPE = "application/x-www-form-urlencoded";

  private final StringBuilder form = new StringBuilder(96);

  /** The whole answer: what it says of itself first, words for people last. */
  static ApiResponse response(RequestAnswer answer) {
    FormWriter writer = new FormWriter();
    writer.add("code", answer.status());
    answer.data().write(writer);
    writer.add("description", answer.description());
    return new ApiResponse(
        answer.status(), Buffer.buffer(writer.form.toString()), answer.retryAfter(), TYPE);
  }

  void add(String name, int value) {
    name(name).append(value);
  }

  void add(String name, String value) {
    if (!value.isEmpty()) {
      name(name).append(URLEncoder.encode(value, UTF_8));
    }
  }

  /** All of them, with a plus between two: none has one in it, nor a space. */
  void add(String name, List<String> values) {
    if (!values.isEmpty()) {
      StringBuilder here = name(name);
      for (int i = 0; i < values.size(); i++) {
        here.append(i == 0 ? "" : "+");
        here.append(URLEncoder.encode(values.get(i), UTF_8).replace("+", "%20"));
      }
    }
  }

  private StringBuilder name(String name) {
    return form.append(form.isEmpty() ? "" : "&").append(name).append('=');
  }
}
