// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** One JSON object, streamed into memory without a tree in between. */
final class JsonBody {
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          // As an escaped pair an emoji takes 12 bytes of the 4096 that the services allow, not 4.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private JsonBody() {}

  static Buffer bytes(JsonFields fields) {
    Buffer buffer = Buffer.buffer();
    try {
      write(JSON.createGenerator(new BufferStream(buffer), JsonEncoding.UTF8), fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer;
  }

  static String text(JsonFields fields) {
    StringWriter text = new StringWriter();
    try {
      write(JSON.createGenerator(text), fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator target, JsonFields fields) throws IOException {
    try (JsonGenerator json = new WellFormedJson(target)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
  }

  /**
   * The generator collects up to 8000 bytes in an array that it reuses, so that a usual
   * notification arrives here in one piece and is copied once.
   */
  private static final class BufferStream extends OutputStream {
    private final Buffer buffer;

    BufferStream(Buffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public void write(int b) {
      buffer.appendByte((byte) b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      buffer.appendBytes(bytes, offset, length);
    }
  }
}
