// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.contact.ContactHeader;
import org.pushserver.contact.SipContact;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * The pushes of one request that names contacts: one for each device, all at once. A contact that
 * is wrong stops none of the others. Confined to one event loop.
 */
final class ContactPushes {
  private final RequestFields fields;
  private final IncomingPush asked;
  private final PushApi api;
  private final Dispatcher dispatcher;
  private final ApplicationFinder applications;
  private final DevicePushes<DeviceAnswer> pushes;

  private ContactPushes(
      RequestFields fields, IncomingPush asked, PushApi api, Dispatcher dispatcher) {
    this.fields = fields;
    this.asked = asked;
    this.api = api;
    this.dispatcher = dispatcher;
    this.applications = new ApplicationFinder(dispatcher);
    this.pushes = new DevicePushes<>(asked, api);
  }

  /**
   * Sends them.
   *
   * @param form whether the answer is to be a form
   * @return completes when the last has ended, or has been accepted, as it was asked; does not fail
   * @throws RequestRefused when the contacts are not given as they must be
   */
  static Future<ApiResponse> push(
      RequestFields fields, boolean form, IncomingPush asked, PushApi api, Dispatcher dispatcher) {
    List<NamedContact> contacts = fields.contacts();
    List<ContactHeader> read =
        contacts.stream().map(contact -> ContactHeader.read(contact.text())).toList();
    int devices = read.stream().mapToInt(header -> Math.max(1, header.devices().size())).sum();
    if (devices > NamedContact.MOST) {
      throw RequestRefused.badRequest(
          "The request names %s devices; at most %s are allowed"
              .formatted(devices, NamedContact.MOST));
    }
    ContactPushes all = new ContactPushes(fields, asked, api, dispatcher);
    for (int i = 0; i < contacts.size(); i++) {
      all.push(contacts.get(i).ref(), read.get(i));
    }
    return all.pushes.answer(answers -> new DeviceAnswers(answers).answer(), form);
  }

  private void push(String ref, ContactHeader contact) {
    if (contact.devices().isEmpty()) {
      if (contact.problem() == null) {
        pushes.tell(skipped(ref, "the contact has no push parameters"));
      } else {
        RequestRefused refusal = RequestRefused.badRequest("Field 'contact' " + contact.problem());
        pushes.tell(Future.succeededFuture(refused(ref, "", "", refusal)));
      }
    }
    for (SipContact device : contact.devices()) {
      push(ref, device);
    }
  }

  private void push(String ref, SipContact device) {
    String platform = dispatcher.platform(device.platform());
    String appId = appId(device, platform);
    pushes.ask(
        () -> sent(ref, device, platform, appId),
        refusal -> refused(ref, platform, appId, refusal));
  }

  private Future<DeviceAnswer> sent(String ref, SipContact device, String platform, String appId) {
    PushReader.ReadPush read = api.read(fields.with(others(ref, device, platform, appId)), asked);
    Push push = read.push();
    return device.wanted().contains(push.event().kind())
        ? pushes.send(read, ended -> DeviceAnswer.of(ref, push, ended))
        : skipped(ref, "the contact wants no such push");
  }

  /** The first of its names that is configured; else that of the request, or the barest. */
  private String appId(SipContact device, String platform) {
    Optional<String> known =
        device.appIds().stream().filter(name -> isConfigured(name, platform)).findFirst();
    if (known.isPresent()) {
      return known.get();
    }
    String named = fields.text(Field.APP_ID);
    return named == null || named.isEmpty() ? device.appId() : named;
  }

  private boolean isConfigured(String appId, String platform) {
    return applications.isConfigured(new AppKey(appId, platform));
  }

  private Map<Field, String> others(String ref, SipContact device, String platform, String appId) {
    Map<Field, String> others = new EnumMap<>(Field.class);
    others.put(Field.APP_ID, appId);
    others.put(Field.PLATFORM, platform);
    others.put(Field.TOKEN, device.registration());
    if (!ref.isEmpty()) {
      others.put(Field.REF, ref);
    }
    if (!fields.has(Field.EVENT)) {
      others.put(Field.EVENT, Event.INCOMING_SESSION.name());
    }
    if (device.deviceId() != null) {
      others.put(Field.DEVICE_ID, device.deviceId());
    }
    if (device.silent() != null && !fields.has(Field.SILENT)) {
      others.put(Field.SILENT, device.silent().toString());
    }
    return others;
  }

  private static Future<DeviceAnswer> skipped(String ref, String why) {
    return Future.succeededFuture(DeviceAnswer.skipped(ref, why));
  }

  private DeviceAnswer refused(String ref, String platform, String appId, RequestRefused refusal) {
    pushes.refused(ref.isEmpty() ? "" : "contact " + Printable.quote(ref) + ": ", refusal);
    return DeviceAnswer.refused(ref, platform, appId, refusal);
  }
}
