// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Everything of one sandbox, on one event loop. */
final class SandboxVerticle extends VerticleBase {
  private static final long MAX_STREAMS = 1000;

  private final SandboxOptions options;
  private final Journal journal;
  private final Faults faults = new Faults(new SplittableRandom());
  private StandInPort apns;
  private StandInPort fcm;
  private ControlApi control;
  private JsonLog jsonLog;
  private List<Path> kept = List.of();

  SandboxVerticle(SandboxOptions options) {
    this.options = options;
    journal = new Journal(options.quiet());
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(() -> SandboxSecrets.in(options.directory()))
        .compose(
            secrets ->
                openJsonLog().compose(log -> open(secrets)).compose(opened -> write(secrets)));
  }

  private Future<Void> open(SandboxSecrets secrets) {
    Recorder recorder = new Recorder(journal, told());
    ApnsStandIn apnsStandIn =
        new ApnsStandIn(
            options.anyApp() ? bundleId -> true : bundleIds()::contains,
            secrets.keys().apns().getPublic());
    apns = new StandInPort(vertx, Service.APNS, path -> apnsStandIn, faults, recorder);
    OauthStandIn oauth =
        new OauthStandIn((RSAPublicKey) secrets.keys().account().getPublic(), () -> fcm.port());
    FcmStandIn fcmStandIn = new FcmStandIn(oauth);
    LegacyStandIn legacy = new LegacyStandIn(secrets.keys().legacy());
    fcm =
        new StandInPort(
            vertx,
            Service.FCM,
            path ->
                switch (path) {
                  case OauthStandIn.PATH -> oauth;
                  case LegacyStandIn.PATH -> legacy;
                  default -> fcmStandIn;
                },
            faults,
            recorder);
    control = new ControlApi(vertx, journal, faults, recorder);
    return apns.open(
            tls(secrets.tls(), List.of(HttpVersion.HTTP_2)).setClientAuth(ClientAuth.REQUEST),
            options.apnsPort())
        .compose(
            opened ->
                fcm.open(
                    tls(secrets.tls(), List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)),
                    options.fcmPort()))
        .compose(opened -> control.open(options.controlPort()));
  }

  private Future<Void> openJsonLog() {
    return options.output().jsonLog() == null
        ? Future.succeededFuture()
        : JsonLog.open(vertx, options.output().jsonLog())
            .onSuccess(opened -> jsonLog = opened)
            .mapEmpty();
  }

  private List<Consumer<Notification>> told() {
    SandboxOutput output = options.output();
    List<Consumer<Notification>> all = new ArrayList<>();
    if (output.view() != null) {
      all.add(new TerminalView(vertx, output.view())::show);
    }
    if (jsonLog != null) {
      all.add(jsonLog::write);
    }
    if (output.exec() != null) {
      all.add(new Waker(vertx, output.exec(), output.view())::wake);
    }
    return all;
  }

  @Override
  public Future<?> stop() {
    return jsonLog == null ? Future.succeededFuture() : jsonLog.close();
  }

  private Set<String> bundleIds() {
    return options.apps().stream()
        .filter(SandboxApp::isApple)
        .map(SandboxApp::bundleId)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static HttpServerOptions tls(SandboxTls tls, List<HttpVersion> versions) {
    return new HttpServerOptions()
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(versions)
        .setKeyCertOptions(tls.keyCert())
        .setTrustOptions(tls.trust())
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS));
  }

  private Future<Void> write(SandboxSecrets secrets) {
    SandboxConfig config =
        new SandboxConfig(options.directory(), secrets.tls(), secrets.keys(), options.trail());
    int apnsPort = apns.port();
    int fcmPort = fcm.port();
    return vertx
        .executeBlocking(
            () ->
                config.write(
                    options.apps(), options.serverPort(), options.adminPort(), apnsPort, fcmPort))
        .onSuccess(unchanged -> kept = unchanged)
        .mapEmpty();
  }

  List<Path> kept() {
    return kept;
  }

  Journal journal() {
    return journal;
  }

  Faults faults() {
    return faults;
  }

  int apnsPort() {
    return apns.port();
  }

  int fcmPort() {
    return fcm.port();
  }

  int controlPort() {
    return control.port();
  }
}
