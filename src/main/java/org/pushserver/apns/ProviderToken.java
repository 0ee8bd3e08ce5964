// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.JsonFields;
import org.pushserver.spi.Time;

/**
 * The provider token of one team's key, shared by all connections that use it. Apple takes one that
 * is up to an hour old, and none that is changed more often than every 20 minutes on a connection.
 *
 * <p>Reading it never waits, on any thread. Making a new one takes a moment: worker thread.
 */
final class ProviderToken {
  /** Of 60 minutes that Apple allows, what is left is for clocks that differ. */
  private static final long DUE_NANOS = Duration.ofMinutes(50).toNanos();

  private static final long USABLE_NANOS = Duration.ofMinutes(58).toNanos();

  /** Of a clock that is set by less Apple does not mind. */
  private static final long WRONG_CLOCK_NANOS = Duration.ofMinutes(5).toNanos();

  /** So long a renewal that did not help is not repeated. */
  private static final long REFUSAL_PAUSE_NANOS = Duration.ofMinutes(20).toNanos();

  /**
   * One token.
   *
   * @param authorization the header's value; a secret
   * @param madeAt of {@link Time#nanos}: the wall clock may be set while it lives
   * @param dated what the wall clock showed then, which is what it says to Apple
   */
  record Bearer(String authorization, long madeAt, long dated) {
    /**
     * Whether it is time for the next one: it is old, or has a date from a clock that was wrong.
     */
    boolean isDue(Time time) {
      long age = time.nanos() - madeAt;
      long clockSetBy = TimeUnit.MILLISECONDS.toNanos(time.now() - dated) - age;
      return age >= DUE_NANOS || Math.abs(clockSetBy) > WRONG_CLOCK_NANOS;
    }

    /** Whether it may still be sent. */
    boolean isUsable(long nanos) {
      return nanos - madeAt < USABLE_NANOS;
    }

    /** When it may no longer be sent, by the wall clock. */
    Instant end(Time time) {
      return Instant.ofEpochMilli(time.now()).plusNanos(USABLE_NANOS - (time.nanos() - madeAt));
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Bearer";
    }
  }

  /** ES256: what Java calls it when both halves come one after the other, as in a token. */
  private static final String ES256 = "SHA256withECDSAinP1363Format";

  /** Vert.x's JSON would load all of Jackson's binding of objects, in each start. */
  private static final JsonFactory JSON = new JsonFactory();

  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final String header;
  private final String teamId;
  private final ECPrivateKey key;
  private volatile Bearer current;
  private boolean refusedBefore;
  private long refusedAt;

  /**
   * @param key on the curve P-256
   */
  ProviderToken(String teamId, String keyId, ECPrivateKey key) {
    this.header =
        part(
            json -> {
              json.writeStringField("kid", keyId);
              json.writeStringField("alg", "ES256");
            });
    this.teamId = teamId;
    this.key = key;
  }

  /** What to send; null before the first {@link #renew}. Any thread. */
  Bearer current() {
    return current;
  }

  /**
   * Makes a new token, unless another has done so in the meantime.
   *
   * @param known the token that is too old; null for none
   */
  synchronized Bearer renew(Bearer known, Time time) throws GeneralSecurityException {
    if (Objects.equals(current, known)) {
      current = sign(time);
    }
    return current;
  }

  /**
   * Makes a new token because this one was refused as expired; however many pushes it was refused
   * for, they lead to one.
   *
   * @return the token to go on with; empty when the last renewal for this reason is too fresh for
   *     another to help
   */
  synchronized Optional<Bearer> renewRefused(Bearer refused, Time time)
      throws GeneralSecurityException {
    if (!Objects.equals(current, refused)) {
      return Optional.of(current);
    }
    long now = time.nanos();
    if (refusedBefore && now - refusedAt < REFUSAL_PAUSE_NANOS) {
      return Optional.empty();
    }
    refusedBefore = true;
    refusedAt = now;
    current = sign(time);
    return Optional.of(current);
  }

  private Bearer sign(Time time) throws GeneralSecurityException {
    long now = time.now();
    String token =
        header
            + '.'
            + part(
                json -> {
                  json.writeStringField("iss", teamId);
                  json.writeNumberField("iat", now / 1000);
                });
    Signature signer = Signature.getInstance(ES256);
    signer.initSign(key);
    signer.update(token.getBytes(US_ASCII));
    String signature = BASE64.encodeToString(signer.sign());
    return new Bearer("bearer " + token + '.' + signature, time.nanos(), now);
  }

  private static String part(JsonFields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return BASE64.encodeToString(bytes.toByteArray());
  }
}
