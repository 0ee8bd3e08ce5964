// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.time.Duration;
import java.util.Objects;

/**
 * {@code [server]}, {@code [limits]}, {@code [bus]}, {@code [doors]}, {@code [Cassandra]}, {@code
 * [cluster]} and {@code [tokens]} of general.ini.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param tls how to speak TLS; null to serve plain HTTP
 * @param waitForResult whether a client waits for its push's outcome: {@code return_async}, which
 *     reads the wrong way round
 * @param cancelsOnDisconnect whether a ring is cancelled whose client goes away before the answer
 * @param access who may use the server
 * @param limits what a client may cost
 * @param log what is logged and where to
 * @param drainTimeout how long accepted pushes are worked on after the server was told to stop
 * @param queueMemory how many bytes the pushes of all applications may take together
 * @param admin where health and metrics are; null when they are where requests come in
 * @param bus what it does on the event bus
 * @param doors what others may send in their own way
 * @param hep who is told of pushes by HEP3; null when nobody is
 * @param acks whether it takes what is said of phones, and so remembers what it has sent
 * @param trail whether a record of each push is kept
 * @param console whether people may look at it with a browser
 * @param cassandra the cluster in which tokens are stored; null when none is named
 * @param cluster with whom this server is one; null when it is alone
 * @param tokens where the devices of accounts are kept
 * @param spool whether what was accepted is kept on disk until its end
 */
public record ServerSettings(
    String host,
    int port,
    Tls tls,
    boolean waitForResult,
    boolean cancelsOnDisconnect,
    Access access,
    Limits limits,
    LogSettings log,
    Duration drainTimeout,
    long queueMemory,
    ListenAddress admin,
    BusSettings bus,
    ForeignDoors doors,
    HepSettings hep,
    boolean acks,
    TrailSettings trail,
    ConsoleSettings console,
    CassandraSettings cassandra,
    ClusterSettings cluster,
    TokenSettings tokens,
    SpoolSettings spool) {
  /** What waits may take a quarter of the heap: it is estimated, and all else needs some, too. */
  private static final int QUEUE_SHARE = 4;

  public ServerSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(access, "access");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(drainTimeout, "drainTimeout");
    Objects.requireNonNull(bus, "bus");
    Objects.requireNonNull(doors, "doors");
    Objects.requireNonNull(trail, "trail");
    Objects.requireNonNull(console, "console");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(spool, "spool");
    if (queueMemory < 1) {
      throw new IllegalArgumentException("queueMemory: " + queueMemory);
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port);
    }
  }

  /**
   * The same, with those guards of other settings of which these have none: who may come in, the
   * API keys, and the certificates that clients need.
   */
  public ServerSettings withGuardsOf(ServerSettings other) {
    Access guarded =
        new Access(
            access.allowedHosts().isAll() ? other.access.allowedHosts() : access.allowedHosts(),
            access.trustedProxies(),
            access.keys().isOpen() ? other.access.keys() : access.keys(),
            access.allowGet());
    boolean needsNone = tls != null && tls.clientAuthorities().isEmpty();
    Tls guardedTls = needsNone && other.tls != null ? tls.withAuthoritiesOf(other.tls) : tls;
    return with(guardedTls, guarded, bus.withGuardsOf(other.bus), doors);
  }

  /** The same, with something else on the event bus. */
  public ServerSettings with(BusSettings otherBus) {
    return with(tls, access, otherBus, doors);
  }

  /**
   * With what is usual: the memory for pushes, the event bus, and clients that go away; with no
   * door for others, and no trail.
   */
  public ServerSettings(
      String host,
      int port,
      Tls tls,
      boolean waitForResult,
      Access access,
      Limits limits,
      LogSettings log,
      Duration drainTimeout,
      ListenAddress admin) {
    this(
        host,
        port,
        tls,
        waitForResult,
        false,
        access,
        limits,
        log,
        drainTimeout,
        usualQueueMemory(),
        admin,
        BusSettings.DEFAULT,
        ForeignDoors.SHUT,
        null,
        false,
        TrailSettings.OFF,
        ConsoleSettings.OFF,
        null,
        null,
        TokenSettings.DEFAULT);
  }

  /** With no spool. */
  public ServerSettings(
      String host,
      int port,
      Tls tls,
      boolean waitForResult,
      boolean cancelsOnDisconnect,
      Access access,
      Limits limits,
      LogSettings log,
      Duration drainTimeout,
      long queueMemory,
      ListenAddress admin,
      BusSettings bus,
      ForeignDoors doors,
      HepSettings hep,
      boolean acks,
      TrailSettings trail,
      ConsoleSettings console,
      CassandraSettings cassandra,
      ClusterSettings cluster,
      TokenSettings tokens) {
    this(
        host,
        port,
        tls,
        waitForResult,
        cancelsOnDisconnect,
        access,
        limits,
        log,
        drainTimeout,
        queueMemory,
        admin,
        bus,
        doors,
        hep,
        acks,
        trail,
        console,
        cassandra,
        cluster,
        tokens,
        SpoolSettings.OFF);
  }

  /** The same with other doors. */
  public ServerSettings with(ForeignDoors others) {
    return with(tls, access, bus, others);
  }

  /** The same but for what is given: where the others are copied. */
  private ServerSettings with(
      Tls otherTls, Access otherAccess, BusSettings otherBus, ForeignDoors otherDoors) {
    return new ServerSettings(
        host,
        port,
        otherTls,
        waitForResult,
        cancelsOnDisconnect,
        otherAccess,
        limits,
        log,
        drainTimeout,
        queueMemory,
        admin,
        otherBus,
        otherDoors,
        hep,
        acks,
        trail,
        console,
        cassandra,
        cluster,
        tokens,
        spool);
  }

  /** The same with another trail. */
  public ServerSettings with(TrailSettings other) {
    return new ServerSettings(
        host,
        port,
        tls,
        waitForResult,
        cancelsOnDisconnect,
        access,
        limits,
        log,
        drainTimeout,
        queueMemory,
        admin,
        bus,
        doors,
        hep,
        acks,
        other,
        console,
        cassandra,
        cluster,
        tokens,
        spool);
  }

  /** A part of the heap, as large as this JVM has it. */
  static long usualQueueMemory() {
    return Runtime.getRuntime().maxMemory() / QUEUE_SHARE;
  }
}
