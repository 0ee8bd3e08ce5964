// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.pushserver.push.AppKey;

/**
 * What is measured of applications, in Prometheus' text format, written as bytes. A thousand
 * applications make 90 000 lines, 10 MB, which hardly differ but for their numbers: so names and
 * labels become bytes once, and not for each line. One thread.
 */
final class MetricsText {
  /** An application as the labels of its lines. */
  static final class Owner {
    private final byte[] application;
    private final byte[] platform;

    Owner(AppKey key) {
      application = bytes("{application=\"" + escaped(key.appId()) + '"');
      platform = MetricsText.label("platform", key.platform());
    }

    /** The label that stands behind those between. */
    byte[] platform() {
      return platform;
    }
  }

  private static final int CHUNK = 16 * 1024;

  /** Of a long, with its sign. */
  private static final int MOST_DIGITS = 20;

  /** Beyond it the library, and with it we, write an exponent. */
  private static final double LARGEST_PLAIN = 1e7;

  private static final byte[] NOTHING = {};
  private static final byte[] SUM = bytes("_sum");
  private static final byte[] COUNT = bytes("_count");
  private static final byte[] BUCKET = bytes("_bucket");
  private static final byte[] VALUE = bytes("} ");
  private static final byte[] NONE_BEHIND_THE_POINT = bytes(".0");
  private static final byte[] END = bytes("\n");
  private static final byte[][] BOUNDS = new byte[Buckets.count() + 1][];

  static {
    for (int bucket = 0; bucket < Buckets.count(); bucket++) {
      BOUNDS[bucket] = label("le", Double.toString(Buckets.bound(bucket)));
    }
    BOUNDS[Buckets.count()] = label("le", "+Inf");
  }

  private final OutputStream out;
  private final byte[] chunk = new byte[CHUNK];
  private final byte[] digits = new byte[MOST_DIGITS];
  private int length;
  private byte[] name = NOTHING;

  /**
   * @param out takes it in pieces
   */
  MetricsText(OutputStream out) {
    this.out = out;
  }

  /** One label, to stand behind others. */
  static byte[] label(String key, String value) {
    return bytes(',' + key + "=\"" + escaped(value) + '"');
  }

  /** A label for each of a few words. */
  static <E extends Enum<E>> Map<E, byte[]> labels(
      String key, Class<E> words, Function<E, String> text) {
    Map<E, byte[]> labels = new EnumMap<>(words);
    for (E word : words.getEnumConstants()) {
      labels.put(word, label(key, text.apply(word)));
    }
    return labels;
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /**
   * Begins a metric: all its samples must follow.
   *
   * @param type counter, gauge or histogram
   */
  void metric(String newName, String type, String help) throws IOException {
    name = bytes(newName);
    put(bytes("# HELP " + newName + ' ' + help + "\n# TYPE " + newName + ' ' + type + '\n'));
  }

  /** Begins a sample; its labels follow, then its value. */
  @CanIgnoreReturnValue
  MetricsText of(Owner owner) throws IOException {
    return of(owner, NOTHING);
  }

  private MetricsText of(Owner owner, byte[] suffix) throws IOException {
    put(name);
    put(suffix);
    put(owner.application);
    return this;
  }

  /** One more label, of {@link #label}. */
  @CanIgnoreReturnValue
  MetricsText with(byte[] label) throws IOException {
    put(label);
    return this;
  }

  /** Ends a sample of a whole number. */
  void is(long value) throws IOException {
    put(VALUE);
    if (Math.abs(value) < LARGEST_PLAIN) {
      putDigits(value);
      put(NONE_BEHIND_THE_POINT);
    } else {
      put(bytes(Double.toString((double) value)));
    }
    put(END);
  }

  /** Ends a sample. */
  void is(double value) throws IOException {
    long whole = (long) value;
    if (whole == value) {
      is(whole);
    } else {
      put(VALUE);
      put(bytes(Double.toString(value)));
      put(END);
    }
  }

  private void count(long value) throws IOException {
    put(VALUE);
    putDigits(value);
    put(END);
  }

  /**
   * All samples of a histogram.
   *
   * @param label besides those of the application, of {@link #label}; may be empty
   */
  void times(Owner owner, byte[] label, Durations times) throws IOException {
    long all = 0;
    for (int bucket = 0; bucket <= Buckets.count(); bucket++) {
      all += times.in(bucket);
      of(owner, BUCKET).with(label).with(owner.platform()).with(BOUNDS[bucket]).count(all);
    }
    of(owner, COUNT).with(label).with(owner.platform()).count(all);
    of(owner, SUM).with(label).with(owner.platform()).is(times.sum());
  }

  private void putDigits(long value) throws IOException {
    int at = digits.length;
    long left = Math.abs(value);
    do {
      digits[--at] = (byte) ('0' + left % 10);
      left /= 10;
    } while (left > 0);
    if (value < 0) {
      digits[--at] = '-';
    }
    put(digits, at, digits.length - at);
  }

  private void put(byte[] bytes) throws IOException {
    put(bytes, 0, bytes.length);
  }

  private void put(byte[] bytes, int from, int count) throws IOException {
    if (count > chunk.length - length) {
      flush();
    }
    if (count > chunk.length) {
      out.write(bytes, from, count);
    } else {
      System.arraycopy(bytes, from, chunk, length, count);
      length += count;
    }
  }

  /** Hands on what has not been yet; to be called at the end. */
  void flush() throws IOException {
    out.write(chunk, 0, length);
    length = 0;
  }
}
