// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/**
 * The tokens of all applications that turned out to be dead, for whoever asks for them from time to
 * time. Numbered, and bounded: of more than fit the oldest are forgotten. Any thread.
 */
public final class DeadTokens implements PushListener {
  static final int MOST = 10_000;
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  /** How much one answer tells. */
  private static final int MOST_TOLD = 256 * 1024;

  /** Escaping keeps half characters, which anybody may send, from being an error. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Deque<Numbered> all = new ArrayDeque<>();
  private final long first;
  private long newest;
  private int bytes;

  private record Numbered(long number, DeadToken token) {}

  /**
   * @param start milliseconds since the epoch. Numbers go on from there, so that they are greater
   *     than those of the server before
   */
  public DeadTokens(long start) {
    first = start;
    newest = start;
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (outcome.result() == Outcome.Result.DEAD_TOKEN) {
      add(DeadToken.of(push, now));
    }
  }

  private synchronized void add(DeadToken token) {
    newest++;
    all.addLast(new Numbered(newest, token));
    bytes += token.bytes();
    while (all.size() > MOST || bytes > MOST_BYTES) {
      bytes -= all.removeFirst().token().bytes();
    }
  }

  /**
   * Those after a number, as JSON: some of them when there are many.
   *
   * @param after the {@code next} of the answer before; 0 for all that are known
   * @param allowed whose tokens may be told
   */
  public Buffer after(long after, Predicate<AppKey> allowed) {
    List<Numbered> found = new ArrayList<>();
    long next;
    boolean missed;
    synchronized (this) {
      // A number that is not ours yet is of a server whose clock was ahead.
      long from = after > newest ? 0 : after;
      long oldest = all.isEmpty() ? newest + 1 : all.getFirst().number();
      missed = after != 0 && (from != after || after < first || after + 1 < oldest);
      next = newest;
      int told = 0;
      for (Numbered one : all) {
        if (one.number() > from && allowed.test(one.token().app())) {
          if (told >= MOST_TOLD) {
            next = found.get(found.size() - 1).number();
            break;
          }
          found.add(one);
          told += one.token().bytes();
        }
      }
    }
    return json(found, next, missed);
  }

  private static Buffer json(List<Numbered> found, long next, boolean missed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeArrayFieldStart("dead");
      for (Numbered one : found) {
        json.writeStartObject();
        json.writeNumberField("number", one.number());
        one.token().writeFields(json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("next", next);
      json.writeBooleanField("missed", missed);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(out.toByteArray());
  }
}
