// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A page that may be long, and is mostly repetition: kept packed, so that it takes little memory
 * and no event loop has to pack it. Who does not read gzip gets it unpacked, piece by piece.
 * Immutable; any event loop.
 */
public final class PackedPage implements Shown {
  /** Makes the content of a page. */
  public interface Writer {
    /**
     * Writes all of it.
     *
     * @param out need not be closed
     */
    void write(OutputStream out) throws IOException;
  }

  private static final CharSequence GZIP = HttpHeaders.createOptimized("gzip");

  /** Whoever names gzip reads it, unless the weight behind it is 0. */
  private static final Pattern READS_GZIP =
      Pattern.compile("(?i)(^|,)\\s*gzip\\s*(,|$|;(?!\\s*q\\s*=\\s*0(\\.0*)?\\s*(,|$)))");

  private static final int FIRST_BYTES = 16 * 1024;

  private final CharSequence type;
  private final byte[] packed;
  private final long length;

  private PackedPage(CharSequence type, byte[] packed, long length) {
    this.type = type;
    this.packed = packed;
    this.length = length;
  }

  /**
   * Makes one. Takes a moment: not for an event loop.
   *
   * @param type its media type
   */
  public static PackedPage of(CharSequence type, Writer writer) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(FIRST_BYTES);
    try (Packer packer = new Packer(packed)) {
      writer.write(packer);
      packer.finish();
      return new PackedPage(type, packed.toByteArray(), packer.length());
    }
  }

  @Override
  public Future<Void> show(RoutingContext context) {
    HttpServerResponse response =
        context.response().setStatusCode(200).putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (readsGzip(context)) {
      response
          .putHeader(HttpHeaders.CONTENT_ENCODING, GZIP)
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(packed.length));
      return Pouring.answer(context, Page.pieces(Buffer.buffer(packed)));
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    Unpacker unpacker = new Unpacker(packed);
    return Pouring.answer(context, unpacker).onComplete(done -> unpacker.close());
  }

  private static boolean readsGzip(RoutingContext context) {
    return context.request().headers().getAll(HttpHeaders.ACCEPT_ENCODING).stream()
        .anyMatch(accepted -> READS_GZIP.matcher(accepted).find());
  }

  /** Quickly: what repeats itself so much becomes small all the same. */
  private static final class Packer extends GZIPOutputStream {
    private long length;

    Packer(OutputStream out) throws IOException {
      super(out, FIRST_BYTES);
      def.setLevel(Deflater.BEST_SPEED);
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) throws IOException {
      length += count;
      super.write(bytes, from, count);
    }

    long length() {
      return length;
    }
  }

  /** The content in pieces. Confined to one event loop. */
  private static final class Unpacker implements Supplier<Buffer> {
    private final InputStream in;

    Unpacker(byte[] packed) {
      try {
        in = new GZIPInputStream(new ByteArrayInputStream(packed), FIRST_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Buffer get() {
      try {
        byte[] piece = in.readNBytes(Pouring.PIECE);
        return piece.length == 0 ? null : Buffer.buffer(piece);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
