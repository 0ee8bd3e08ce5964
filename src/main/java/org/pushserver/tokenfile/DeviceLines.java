// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.pushserver.push.Device;
import org.pushserver.tokens.StoredToken;

/** Writes devices, each as an object of JSON on a line. Confined to one thread; to be closed. */
public final class DeviceLines implements Closeable {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final JsonGenerator json;
  private final boolean whole;

  /**
   * @param whole whether tokens are written whole, and not cut to what tells two devices apart
   */
  public DeviceLines(OutputStream out, boolean whole) throws IOException {
    this.json = FACTORY.createGenerator(out, JsonEncoding.UTF8).setRootValueSeparator(null);
    this.whole = whole;
  }

  /** Writes one. */
  public void write(StoredToken token) throws IOException {
    json.writeStartObject();
    json.writeStringField(TokenFields.ACCOUNT, token.account());
    json.writeStringField(TokenFields.APP_ID, token.app().appId());
    json.writeStringField(TokenFields.PLATFORM, token.app().platform());
    json.writeStringField(TokenFields.DEVICE_ID, token.deviceId());
    // As one text where the two say more than each for itself.
    boolean isHalf = token.isWithoutVoip() || token.isForCallsAlone();
    String shown = shown(token.token());
    json.writeStringField(
        TokenFields.TOKEN,
        token.isWithoutVoip() ? "-" + shown : token.isForCallsAlone() ? shown + "-" : shown);
    text(
        TokenFields.BACKGROUND,
        isHalf || token.background() == null ? null : shown(token.background()));
    json.writeBooleanField(TokenFields.SILENT, token.silent());
    text(TokenFields.USER_AGENT, token.userAgent());
    time(TokenFields.STORED_AT, token.storedAt());
    time(TokenFields.LAST_SEEN, token.lastSeen());
    json.writeEndObject();
    json.writeRaw('\n');
  }

  private String shown(String token) {
    return whole ? token : new Device(token, null).shortToken();
  }

  private void text(String name, String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  private void time(String name, long time) throws IOException {
    if (time != 0) {
      json.writeStringField(name, Instant.ofEpochMilli(time).toString());
    }
  }

  /** Hands on what was written. */
  public void flush() throws IOException {
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
