// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * What came of the cancel of a call. Immutable; any thread.
 *
 * @param withdrawn devices whose rings were not sent
 * @param pushed devices that were told to stop ringing
 * @param untold devices that may ring on
 */
record CancelledDevices(int withdrawn, int pushed, int untold) implements RequestAnswer.Data {
  private int cancelled() {
    return withdrawn + pushed;
  }

  /** The answer for who waited for it. */
  RequestAnswer answer() {
    int all = cancelled() + untold;
    String description = all == 0 ? "nothing to cancel" : cancelled() + " of " + all + " cancelled";
    String untoldOnes = untold == 0 ? "" : "; " + untold + " could not be told";
    return new RequestAnswer(200, description + untoldOnes, 0, this);
  }

  /**
   * The answer for who does not wait for what comes of it.
   *
   * @param devices how many there are
   */
  static RequestAnswer onTheirWay(int devices) {
    return new RequestAnswer(202, "accepted for delivery", 0, new OnTheirWay(devices));
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("cancelled", cancelled());
    json.writeNumberField("withdrawn", withdrawn);
    json.writeNumberField("pushed", pushed);
    json.writeNumberField("untold", untold);
    json.writeEndObject();
  }

  @Override
  public void write(FormWriter form) {
    form.add("cancelled", cancelled());
    form.add("withdrawn", withdrawn);
    form.add("pushed", pushed);
    form.add("untold", untold);
  }

  /** How many are being cancelled. */
  private record OnTheirWay(int devices) implements RequestAnswer.Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeNumberField("devices", devices);
      json.writeEndObject();
    }

    @Override
    public void write(FormWriter form) {
      form.add("devices", devices);
    }
  }
}
