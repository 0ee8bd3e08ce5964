// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.pushserver.apns.ApnsProvider;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.events.Application;
import org.pushserver.fcm.FcmProvider;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.TokenForm;

/** Remembers the pushes it gets, and ends them as the test says. */
public final class ScriptedDispatcher implements Dispatcher {
  public static final Outcome DELIVERED =
      new Outcome(
          Outcome.Result.DELIVERED, new Response(200, "", "https://push.example/3", "{}"), 1);

  private static final List<PushServiceProvider> SERVICES =
      List.of(new ApnsProvider(), new FcmProvider());

  private final Map<AppKey, Application> applications = new ConcurrentHashMap<>();
  private final Map<AppKey, DisabledSection> disabled = new ConcurrentHashMap<>();
  private final Map<AppKey, AppKey> aliases = new ConcurrentHashMap<>();
  private final List<Push> pushes = new CopyOnWriteArrayList<>();
  private volatile Function<Push, Future<Outcome>> delivery =
      push -> Future.succeededFuture(DELIVERED);
  private volatile Optional<Outcome> refusal = Optional.empty();
  private volatile Future<Optional<Outcome>> withdrawal = Future.succeededFuture(Optional.empty());
  private final List<Push> withdrawals = new CopyOnWriteArrayList<>();
  private final List<CallCancel> cancels = new CopyOnWriteArrayList<>();
  private final List<RungDevice> rung = new CopyOnWriteArrayList<>();
  private volatile boolean wanted;

  /** An application type that makes no payloads. */
  public record Type(String name, List<Event> events, Optional<Event> defaultEvent)
      implements ApplicationType {
    public static final Type SYLK =
        new Type(
            "sylk",
            List.of(
                Event.INCOMING_SESSION,
                Event.INCOMING_CONFERENCE,
                Event.CANCEL,
                Event.MESSAGE,
                Event.TRANSFER),
            Optional.empty());
    public static final Type LINPHONE =
        new Type("linphone", List.of(Event.INCOMING_SESSION), Optional.of(Event.INCOMING_SESSION));

    public static Type named(String name) {
      return name.equals("linphone") ? LINPHONE : SYLK;
    }

    @Override
    public Optional<Event> event(String name) {
      String canonical = name.equals("incoming_conference") ? name + "_request" : name;
      return ApplicationType.super.event(canonical);
    }

    @Override
    public Optional<PayloadMaker> payloadMaker(String platform) {
      return Optional.empty();
    }
  }

  /** One application of each type on each platform. */
  public static ScriptedDispatcher withSamples() {
    return new ScriptedDispatcher()
        .with("com.example.phone", AppKey.APPLE, Type.SYLK)
        .with("com.example.phone", AppKey.FIREBASE, Type.SYLK)
        .with("org.example.lin", AppKey.APPLE, Type.LINPHONE)
        .with("org.example.lin", AppKey.FIREBASE, Type.LINPHONE)
        .with("com.example.other", "pigeon", Type.SYLK);
  }

  @CanIgnoreReturnValue
  public ScriptedDispatcher with(String appId, String platform, ApplicationType type) {
    return with(appId, platform, type, Delivery.DEFAULT);
  }

  /** The same, which tries in its own way. */
  @CanIgnoreReturnValue
  public ScriptedDispatcher with(
      String appId, String platform, ApplicationType type, Delivery delivery) {
    AppKey key = new AppKey(appId, platform);
    TokenForm tokens =
        service(platform).map(PushServiceProvider::tokens).orElse(TokenForm.PRINTABLE);
    applications.put(key, new Application(key, appId, type, delivery, tokens, false));
    return this;
  }

  /** What comes of every further push whose caller waits. */
  public void deliverWith(Function<Push, Future<Outcome>> delivery) {
    this.delivery = delivery;
  }

  /** What becomes of every further push whose caller does not wait. */
  public void acceptWith(Optional<Outcome> refusal) {
    this.refusal = refusal;
  }

  public List<Push> pushes() {
    return pushes;
  }

  @Override
  public Optional<Application> application(AppKey key) {
    return Optional.ofNullable(applications.get(key));
  }

  /** Gives an application a further name. */
  @CanIgnoreReturnValue
  public ScriptedDispatcher alias(String alias, String appId, String platform) {
    aliases.put(new AppKey(alias, platform), new AppKey(appId, platform));
    return this;
  }

  @Override
  public Optional<AppKey> alias(AppKey name) {
    return Optional.ofNullable(aliases.get(name));
  }

  /** Says that the section of an application is disabled. */
  @CanIgnoreReturnValue
  public ScriptedDispatcher disable(String appId, String platform, String section, String reason) {
    AppKey key = new AppKey(appId, platform);
    disabled.put(key, new DisabledSection(section, Optional.of(key), reason));
    return this;
  }

  @Override
  public Optional<DisabledSection> disabled(AppKey key) {
    return Optional.ofNullable(disabled.get(key));
  }

  private static Optional<PushServiceProvider> service(String name) {
    return SERVICES.stream()
        .filter(one -> one.platform().equals(name) || one.aliases().contains(name))
        .findFirst();
  }

  @Override
  public String platform(String name) {
    return service(name).map(PushServiceProvider::platform).orElse(name);
  }

  @Override
  public boolean hasPlatform(String platform) {
    return applications.keySet().stream().anyMatch(key -> key.platform().equals(platform));
  }

  @Override
  public Future<Outcome> deliver(Push push) {
    pushes.add(push);
    return delivery.apply(push);
  }

  @Override
  public Future<Optional<Outcome>> accept(Push push) {
    pushes.add(push);
    return Future.succeededFuture(refusal);
  }

  /** What becomes of every further cancel of an application that knows none. */
  public void withdrawWith(Optional<Outcome> outcome) {
    withdrawWith(Future.succeededFuture(outcome));
  }

  /** The same, which is still to come. */
  public void withdrawWith(Future<Optional<Outcome>> outcome) {
    this.withdrawal = outcome;
  }

  /** The cancels of applications that know none. */
  public List<Push> withdrawals() {
    return withdrawals;
  }

  @Override
  public Future<Optional<Outcome>> withdraw(Push cancel) {
    withdrawals.add(cancel);
    return withdrawal;
  }

  /** Says that a device was rung for whatever call is cancelled next. */
  public void rang(RungDevice device) {
    rung.add(device);
  }

  /** The calls that were cancelled by their call-id alone. */
  public List<CallCancel> cancels() {
    return cancels;
  }

  @Override
  public Future<List<RungDevice>> cancel(CallCancel cancel) {
    cancels.add(cancel);
    List<RungDevice> found = List.copyOf(rung);
    rung.clear();
    return Future.succeededFuture(found);
  }

  /** Says whether somebody else wants the rings whose callers go away. */
  public void wanted(boolean byOthers) {
    wanted = byOthers;
  }

  @Override
  public void answered(Push ring) {}

  @Override
  public Future<Boolean> left(Push ring) {
    return Future.succeededFuture(!wanted);
  }
}
