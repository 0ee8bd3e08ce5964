// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.tokens.StoredToken;

/**
 * The pushes of one request to stored devices of an account, each judged by the rules of its own
 * application. Confined to one event loop.
 */
final class AccountPushes {
  private final RequestFields fields;
  private final Caller caller;
  private final IncomingPush asked;
  private final PushApi api;
  private final Dispatcher dispatcher;
  private final DevicePushes<AccountAnswer> pushes;

  private AccountPushes(
      RequestFields fields, Caller caller, IncomingPush asked, PushApi api, Dispatcher dispatcher) {
    this.fields = fields;
    this.caller = caller;
    this.asked = asked;
    this.api = api;
    this.dispatcher = dispatcher;
    this.pushes = new DevicePushes<>(asked, api);
  }

  /**
   * Sends them.
   *
   * @param devices of one account, at least one; answered in this order
   * @param caller who asks, and may do so for this account
   * @return completes when the last has ended, or has been accepted, as it was asked; does not fail
   */
  static Future<ApiResponse> push(
      RequestFields fields,
      List<StoredToken> devices,
      Caller caller,
      IncomingPush asked,
      PushApi api,
      Dispatcher dispatcher) {
    AccountPushes all = new AccountPushes(fields, caller, asked, api, dispatcher);
    devices.forEach(all::push);
    return all.pushes.answer(answers -> new AccountAnswers(answers).answer(), false);
  }

  private void push(StoredToken device) {
    pushes.ask(() -> sent(device), refusal -> refused(device, refusal));
  }

  private Future<AccountAnswer> sent(StoredToken device) {
    PushReader.ReadPush read = api.read(fields.with(others(device)), caller, device);
    Push push = read.push();
    if (read.refusal() == null) {
      boolean waits = !Patience.of(read.patience(), asked).isNone();
      return pushes.send(read, end -> AccountAnswer.of(push, end, waits));
    }
    return api.withdraw(read, asked).map(end -> withdrawn(device, read, end));
  }

  /** A cancel that its phone would not understand is refused, unless its ring still waits. */
  private AccountAnswer withdrawn(
      StoredToken device, PushReader.ReadPush read, Optional<Outcome> end) {
    return end.isPresent()
        ? AccountAnswer.of(read.push(), end, true)
        : refused(device, read.refusal().about(Printable.cut(read.push().callId())));
  }

  private AccountAnswer refused(StoredToken device, RequestRefused refusal) {
    pushes.refused("device " + Printable.quote(device.deviceId()) + ": ", refusal);
    return AccountAnswer.refused(device, fields.text(Field.CALL_ID), refusal);
  }

  private Map<Field, String> others(StoredToken device) {
    String registered =
        dispatcher
            .application(device.app())
            .map(one -> one.tokens().joined(device.token(), device.background()))
            .orElse(device.token());
    Map<Field, String> others = new EnumMap<>(Field.class);
    others.put(Field.APP_ID, device.app().appId());
    others.put(Field.PLATFORM, device.app().platform());
    others.put(Field.TOKEN, registered);
    others.put(Field.DEVICE_ID, device.deviceId());
    others.put(Field.SILENT, Boolean.toString(device.silent()));
    return others;
  }
}
