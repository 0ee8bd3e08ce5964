// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.netty.handler.codec.http.HttpContentCompressor;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A page that may be long, and is mostly repetition: kept packed, so that it takes little memory
 * and no event loop has to pack it. Who does not read gzip gets it unpacked, piece by piece. Any
 * event loop.
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
  private final Buffer packed;
  private final long length;

  /** While somebody reads it so; null for nobody. */
  private Unpacked unpacked;

  private PackedPage(CharSequence type, Buffer packed, long length) {
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
      return new PackedPage(type, Buffer.buffer(packed.toByteArray()), packer.length());
    }
  }

  @Override
  public Future<Void> show(RoutingContext context) {
    HttpServerResponse response =
        context.response().setStatusCode(200).putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (readsGzip(context)) {
      response
          .putHeader(HttpHeaders.CONTENT_ENCODING, GZIP)
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(packed.length()));
      return Pouring.answer(context, Page.pieces(packed));
    }
    response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
    if (packs(context.request().connection())) {
      // It would pack this on its event loop, for who reads deflate alone; it takes the word out.
      response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
    }
    Unpacked all = open();
    return Pouring.answer(context, all.fromTheStart()).onComplete(done -> close(all));
  }

  private static boolean packs(HttpConnection connection) {
    return Disconnect.channel(connection).pipeline().get(HttpContentCompressor.class) != null;
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

  private synchronized Unpacked open() {
    if (unpacked == null) {
      unpacked = new Unpacked(packed.getBytes());
    }
    unpacked.readers++;
    return unpacked;
  }

  private synchronized void close(Unpacked read) {
    read.readers--;
    if (read.readers == 0) {
      unpacked = null;
      read.close();
    }
  }

  /**
   * What was unpacked for those who read it so, each piece once: many readers who are slow, or read
   * nothing, hold no more than one does. Any thread.
   */
  private static final class Unpacked {
    private final InputStream in;
    private final List<Buffer> pieces = new ArrayList<>();
    private boolean isAll;

    /** Guarded by the page. */
    private int readers;

    Unpacked(byte[] packed) {
      try {
        in = new GZIPInputStream(new ByteArrayInputStream(packed), FIRST_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    Supplier<Buffer> fromTheStart() {
      return new Supplier<>() {
        private int at;

        @Override
        public Buffer get() {
          Buffer piece = piece(at++);
          return piece == null ? null : piece.slice();
        }
      };
    }

    private synchronized Buffer piece(int number) {
      try {
        if (number == pieces.size() && !isAll) {
          byte[] piece = in.readNBytes(Pouring.PIECE);
          isAll = piece.length == 0;
          if (!isAll) {
            pieces.add(Buffer.buffer(piece));
          }
        }
        return number < pieces.size() ? pieces.get(number) : null;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    synchronized void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
