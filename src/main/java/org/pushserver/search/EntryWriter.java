// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailPage;

/** What has been found, in each of the forms. Any thread; some milliseconds of work. */
final class EntryWriter {
  private static final int USUAL = 1024;

  private EntryWriter() {}

  /** An entry alone, explained without a look at others. */
  static Buffer json(TrailEntry entry) {
    return TrailJson.of(entry, cause(Causes.explain(entry, List.of())));
  }

  /** A page of a search. */
  static Buffer write(AnswerFormat format, TrailPage page) throws IOException {
    return switch (format) {
      case JSON -> page(page);
      case JSONL -> lines(page.entries());
      case CSV -> EntryTable.of(page.entries());
    };
  }

  private static Buffer page(TrailPage page) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL * (1 + page.entries().size()));
    try (JsonGenerator json = TrailJson.writer(bytes)) {
      json.writeStartObject();
      json.writeArrayFieldStart("pushes");
      for (TrailEntry entry : page.entries()) {
        TrailJson.write(json, entry, cause(Causes.explain(entry, List.of())));
      }
      json.writeEndArray();
      json.writeStringField("next", page.next());
      notes(json, page.notes());
      json.writeEndObject();
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** A call, each entry with its explanation. */
  static Buffer call(
      String callId, List<TrailEntry> entries, List<Explanation> causes, List<String> notes)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL * (1 + entries.size()));
    try (JsonGenerator json = TrailJson.writer(bytes)) {
      json.writeStartObject();
      json.writeStringField("call-id", callId);
      json.writeArrayFieldStart("pushes");
      for (int i = 0; i < entries.size(); i++) {
        TrailJson.write(json, entries.get(i), cause(causes.get(i)));
      }
      json.writeEndArray();
      notes(json, notes);
      json.writeEndObject();
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static void notes(JsonGenerator json, List<String> notes) throws IOException {
    json.writeArrayFieldStart("notes");
    for (String note : notes) {
      json.writeString(note);
    }
    json.writeEndArray();
  }

  private static Buffer lines(List<TrailEntry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL * (1 + entries.size()));
    for (TrailEntry entry : entries) {
      try (JsonGenerator json = TrailJson.writer(bytes)) {
        TrailJson.write(json, entry, cause(Causes.explain(entry, List.of())));
      }
      bytes.write("\n".getBytes(StandardCharsets.US_ASCII));
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  private static TrailJson.Cause cause(Explanation why) {
    return new TrailJson.Cause(why.id(), why.sentence(), why.next(), why.link());
  }
}
