// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxBootstrap;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pushserver.cluster.ClusterMember;
import org.pushserver.pem.Pem.PemException;

/** The {@link Vertx} of a process that is a server and nothing else. */
final class OwnVertx {
  /** As many as cores: more only take turns. A router verticle runs on each. */
  private static final int EVENT_LOOPS = Math.max(2, Runtime.getRuntime().availableProcessors());

  /** Where a message is on its way to a member whose connection breaks, or has broken. */
  private static final Set<String> BROKEN =
      Set.of(
          "io.netty.channel.ChannelOutboundBuffer",
          "io.vertx.core.eventbus.impl.clustered.OutboundConnection");

  private OwnVertx() {}

  /** A new one; to be closed. */
  static Vertx create() {
    return bootstrap(options()).init().vertx().exceptionHandler(OwnVertx::uncaught);
  }

  /**
   * A new one that is a part of a cluster; to be closed.
   *
   * @throws PemException when a certificate of the cluster cannot be used after all
   */
  static Future<Vertx> create(ClusterMember member) throws PemException {
    VertxOptions options = options();
    member.configure(options);
    return bootstrap(options)
        .clusterManager(member.manager())
        .init()
        .clusteredVertx()
        .map(
            vertx ->
                vertx.exceptionHandler(
                    cause -> {
                      if (!isOfBrokenConnection(cause)) {
                        uncaught(cause);
                      }
                    }));
  }

  /**
   * Whether it only says that a write ended twice: so Vert.x's event bus does of each message that
   * was on its way to a member when that died. Who asked is told all the same.
   */
  static boolean isOfBrokenConnection(Throwable cause) {
    List<String> classes =
        Stream.of(cause.getStackTrace()).map(StackTraceElement::getClassName).toList();
    // Who calls that may be of ours, when the connection was broken before it wrote.
    int broken = first(classes, BROKEN);
    return cause instanceof IllegalStateException
        && "Promise already completed".equals(cause.getMessage())
        && broken >= 0
        && classes.subList(0, broken).stream()
            .noneMatch(name -> name.startsWith("org.pushserver."));
  }

  private static int first(List<String> classes, Set<String> wanted) {
    return classes.stream().filter(wanted::contains).findFirst().map(classes::indexOf).orElse(-1);
  }

  /** What Vert.x's builder does, which knows of no threads. */
  private static VertxBootstrap bootstrap(VertxOptions options) {
    return VertxBootstrap.create()
        .options(options)
        .transport(OwnTransport.open().implementation())
        .executorServiceFactory(new BlockingThreads());
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(EVENT_LOOPS)
        .setAddressResolverOptions(names())
        .setFileSystemOptions(noCache());
  }

  private static void uncaught(Throwable cause) {
    Logging.fault(
        "something failed that nobody was waiting for, which is a fault of Pushserver; it goes on",
        cause);
  }

  /** Nothing is unpacked from the jar, so no folder for it is needed: it may not be writable. */
  private static FileSystemOptions noCache() {
    return new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
  }

  /**
   * How names are looked up: for each connection anew, so that none leads where a push service no
   * longer is, and whose addresses take turns. An alias (CNAME) alone is kept for as long as its
   * name server says. The hosts file is read once.
   */
  static AddressResolverOptions names() {
    return new AddressResolverOptions().setCacheMaxTimeToLive(0).setRoundRobinInetAddress(true);
  }
}
