// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What a case is to come to: at first what was recorded, then as {@link GoldenAnswer} says. */
final class GoldenExpected {
  /** A description or reason that is ours to word. */
  static final String OWN_WORDS = "…";

  private int status;
  private JsonNode answer;
  private List<GoldenSent> sent;

  GoldenExpected(GoldenCase recorded) {
    status = recorded.status();
    answer = recorded.answer().deepCopy();
    sent = recorded.sent().stream().map(one -> new GoldenSent(recorded.ofOne(one), one)).toList();
  }

  int status() {
    return status;
  }

  JsonNode answer() {
    return answer;
  }

  List<GoldenSent> sent() {
    return sent;
  }

  /** Nothing is sent, and the caller is told why in our words. */
  void refused(int newStatus) {
    status = newStatus;
    answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("code", status)
            .put("description", OWN_WORDS)
            .put("data", "");
    sent = List.of();
  }

  /** The caller gets another answer. */
  void answered(int newStatus, JsonNode body) {
    status = newStatus;
    answer = body;
  }

  /** As it was recorded in another case, whose push service did no wrong. */
  void like(String id) {
    GoldenExpected other = new GoldenExpected(GoldenCase.of(id));
    status = other.status;
    answer = other.answer;
    sent = other.sent;
  }

  /** Sent to another app. */
  void topic(String topic) {
    sent = sent.stream().map(one -> one.withTopic(topic)).toList();
  }

  /** Sent to another of Apple's tokens, of the only device. */
  void token(String token) {
    sent = sent.stream().map(one -> one.withToken(token)).toList();
    ((ObjectNode) answer.at("/data/0"))
        .put("token", token)
        .put("url", "https://127.0.0.1/3/device/" + token);
  }

  /** Sent so many times, each time the same. */
  void tries(int count) {
    GoldenSent one = sent.get(sent.size() - 1);
    List<GoldenSent> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(one);
    }
    sent = List.copyOf(all);
  }

  /** The push service's answer reaches the caller with another status. */
  void answered(int newStatus) {
    status = newStatus;
    ((ObjectNode) answer).put("code", newStatus);
    data().put("code", newStatus);
  }

  /** What the caller gets of Firebase's answer. */
  void firebase(String content, int serviceStatus, String phrase, String reason) {
    data().put("reason", reason);
    ((ObjectNode) data().get("body"))
        .put("reason", phrase)
        .put("status_code", serviceStatus)
        .set("_content", GoldenCase.parse(content));
  }

  void description(String text) {
    ((ObjectNode) answer).put("description", text);
  }

  ObjectNode data() {
    return (ObjectNode) answer.get("data");
  }

  void welcome() {
    answer = JsonNodeFactory.instance.textNode("Welcome to Pushserver");
  }

  void noData() {
    ((ObjectNode) answer).putObject("data");
  }

  void nothingSent() {
    sent = List.of();
  }
}
