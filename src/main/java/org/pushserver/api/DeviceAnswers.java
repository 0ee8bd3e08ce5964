// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.pushserver.api.DeviceAnswer.Kind;

/**
 * What came of all devices of a request.
 *
 * @param devices in the order of its contacts
 */
record DeviceAnswers(List<DeviceAnswer> devices) implements RequestAnswer.Data {
  /**
   * The answer to the request: 200 when any device was taken, 410 when all are dead, 404 when there
   * was none to be pushed to, else the highest of what the others came to; 202 while it is not
   * known of all how they ended.
   */
  RequestAnswer answer() {
    boolean waited = devices.stream().noneMatch(DeviceAnswer::isOnItsWay);
    int all = devices.size() - count(Kind.SKIPPED);
    int sent = count(Kind.SENT);
    if (all == 0) {
      return new RequestAnswer(404, "no contact has push parameters", 0, this);
    }
    String description =
        "%s of %s %s".formatted(sent, all, waited ? "pushed" : "accepted for delivery");
    if (sent > 0) {
      return new RequestAnswer(waited ? 200 : 202, description, 0, this);
    }
    DeviceAnswer worst = worst();
    String told = isRefusedForOneReason() ? worst.reason() : description;
    return new RequestAnswer(worst.code(), told, worst.retryAfter(), this);
  }

  /** Then it is the request that is wrong, and not its devices. */
  boolean isRefusedForOneReason() {
    return count(Kind.REFUSED) == devices.size() - count(Kind.SKIPPED)
        && devices.stream()
                .filter(device -> device.kind() == Kind.REFUSED)
                .map(DeviceAnswer::reason)
                .distinct()
                .count()
            == 1;
  }

  private int count(Kind kind) {
    return (int) devices.stream().filter(device -> device.kind() == kind).count();
  }

  /** A dead one counts only when there is none besides that would have been worth a call. */
  DeviceAnswer worst() {
    return devices.stream()
        .filter(device -> device.kind() != Kind.SKIPPED)
        .max(
            Comparator.comparing((DeviceAnswer device) -> device.kind() != Kind.DEAD)
                .thenComparing(DeviceAnswer::code))
        .orElseThrow();
  }

  /** What the sender calls those that are dead. */
  private List<String> gone() {
    return devices.stream()
        .filter(device -> device.kind() == Kind.DEAD && !device.ref().isEmpty())
        .map(DeviceAnswer::ref)
        .distinct()
        .toList();
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("sent", count(Kind.SENT));
    json.writeArrayFieldStart("gone");
    for (String ref : gone()) {
      json.writeString(ref);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("devices");
    for (DeviceAnswer device : devices) {
      device.write(json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  @Override
  public void write(FormWriter form) {
    int sent = count(Kind.SENT);
    form.add("sent", sent);
    form.add("gone", gone());
    if (sent == 0 && count(Kind.SKIPPED) < devices.size()) {
      form.add("reason", worst().reason());
    }
  }
}
