// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.conflict.MergePolicy;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.partitionhandling.PartitionHandling;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.security.Role;
import org.infinispan.security.RolePermissionMapper;
import org.infinispan.security.mappers.IdentityRoleMapper;
import org.jgroups.JChannel;
import org.pushserver.config.ClusterSettings;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.spi.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of the cluster: Infinispan, on JGroups, which know who belongs to it.
 * For the {@link Vertx} of a process that is a server and nothing else; a program that has the
 * server within it brings a cluster of its own.
 */
public final class ClusterMember {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

  /** What Vert.x keeps for itself at each member. */
  private static final String[] REPLICATED = {"__vertx.subs", "__vertx.nodeInfo"};

  private final ClusterSettings settings;
  private final ClusterTls tls;
  private final JChannel channel;
  private final DefaultCacheManager caches;

  private ClusterMember(
      ClusterSettings settings, ClusterTls tls, JChannel channel, DefaultCacheManager caches) {
    this.settings = settings;
    this.tls = tls;
    this.channel = channel;
    this.caches = caches;
  }

  /**
   * Joins the cluster, or begins it alone when nobody of it is found: at once where nobody listens,
   * else within two seconds. Blocks until then: main thread.
   *
   * @throws IOException when this is not possible, in an operator's words
   */
  public static ClusterMember join(ClusterSettings settings) throws IOException {
    JChannel channel = null;
    DefaultCacheManager caches = null;
    try {
      ClusterTls tls = settings.tls() == null ? null : new ClusterTls(settings.tls());
      channel = MemberChannel.of(settings, tls);
      // Another one for each start: a process that comes back has forgotten what it was.
      channel.setName(
          settings.node()
              + "-"
              + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
      caches = new DefaultCacheManager(global(settings, channel).build(), false);
      caches.start();
      define(caches);
      tellWhenAlone(settings, caches);
      return new ClusterMember(settings, tls, channel, caches);
    } catch (Exception | LinkageError e) {
      if (caches != null) {
        caches.stop();
      }
      if (channel != null) {
        channel.close();
      }
      throw new IOException("the cluster " + settings + ": " + root(e), e);
    }
  }

  /**
   * Makes, and forgets, a member that never joins, so that the next one of this process is made in
   * no time: half of what JGroups and Infinispan do at first is the same for all. Opens nothing;
   * does not fail. Any thread.
   */
  public static void prepare() {
    ClusterSettings nobody =
        new ClusterSettings("none", "127.0.0.1", 0, 0, "none", List.of(), null);
    try (JChannel channel = MemberChannel.of(nobody, null);
        DefaultCacheManager caches =
            new DefaultCacheManager(global(nobody, channel).build(), false)) {
      LOG.debug("prepared {}", caches.getStatus());
    } catch (Exception | LinkageError e) {
      // It will happen again when the cluster is joined, and is told there.
      LOG.debug("a cluster cannot be prepared: {}", Reason.of(e));
    }
  }

  private static GlobalConfigurationBuilder global(ClusterSettings settings, JChannel channel) {
    GlobalConfigurationBuilder global = new GlobalConfigurationBuilder();
    global.transport().transport(new JGroupsTransport(channel)).clusterName(settings.name());
    // Infinispan's own ones keep two more caches, of which each takes its time at a join.
    global
        .security()
        .authorization()
        .principalRoleMapper(new IdentityRoleMapper())
        .rolePermissionMapper(new NoRoles());
    global.jmx().disable();
    global.metrics().gauges(false).histograms(false);
    global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
    global.classLoader(ClusterMember.class.getClassLoader());
    return global;
  }

  /**
   * As Vert.x wants them. After a split what either side has kept is there again. They begin at
   * once and beside each other: each asks the member that has been here longest, and waits for what
   * others have; what is there when Infinispan starts it begins one after the other.
   */
  private static void define(DefaultCacheManager caches) {
    ConfigurationBuilder replicated = new ConfigurationBuilder();
    replicated
        .clustering()
        .cacheMode(CacheMode.REPL_SYNC)
        .partitionHandling()
        .whenSplit(PartitionHandling.ALLOW_READ_WRITES)
        .mergePolicy(MergePolicy.PREFERRED_NON_NULL);
    Configuration built = replicated.build();
    for (String name : REPLICATED) {
      caches.defineConfiguration(name, built);
    }
    ConfigurationBuilder distributed = new ConfigurationBuilder();
    distributed.clustering().cacheMode(CacheMode.DIST_SYNC).template(true);
    caches.defineConfiguration("__vertx.distributed.cache.configuration", distributed.build());
    EmbeddedCacheManager unused = caches.startCaches(REPLICATED);
  }

  private static void tellWhenAlone(ClusterSettings settings, DefaultCacheManager caches) {
    if (caches.getMembers().size() < 2 && !settings.members().isEmpty()) {
      LOG.info(
          "{}: no other member was found; this server begins alone, and others may join",
          settings.name());
    }
  }

  private static String root(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  /** Lets Vert.x be a part of it. {@return what {@code withClusterManager} takes} */
  public ClusterManager manager() {
    return new InfinispanClusterManager(caches);
  }

  /**
   * Lets the event bus of a Vert.x that is to be made listen where members ask each other.
   *
   * @throws PemException when a certificate cannot be written as it was read
   */
  public void configure(VertxOptions options) throws PemException {
    EventBusOptions bus =
        options.getEventBusOptions().setHost(settings.address()).setPort(settings.busPort());
    if (tls != null) {
      bus.setSsl(true)
          .setKeyCertOptions(tls.identity())
          .setTrustOptions(tls.authorities())
          .setClientAuth(ClientAuth.REQUIRED)
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
    }
  }

  /**
   * Shows other certificates from now on; connections that stand are not touched. What else differs
   * waits for the next start, which is logged. Blocks: worker thread.
   *
   * @param vertx that was made with {@link #configure}
   */
  public void renew(Vertx vertx, ClusterSettings changed) {
    if (changed == null || settings.isElsewhere(changed)) {
      LOG.warn("[cluster]: this server stays in the cluster as it is until the next start");
      return;
    }
    if (tls == null || tls.isOf(changed.tls())) {
      return;
    }
    try {
      tls.renew(changed.tls());
      BusCertificates.renew(vertx, tls);
      LOG.info("{}: new connections show the renewed certificate", settings.name());
    } catch (GeneralSecurityException | PemException e) {
      LOG.error(
          "{}: the renewed certificate cannot be used, so the old one is: {}",
          settings.name(),
          e.getMessage());
    }
  }

  /** For a cluster in which whoever has a certificate may do everything: nobody asks for roles. */
  private static final class NoRoles implements RolePermissionMapper {
    @Override
    public Role getRole(String name) {
      return null;
    }

    @Override
    public Map<String, Role> getAllRoles() {
      return Map.of();
    }

    @Override
    public boolean hasRole(String name) {
      return false;
    }
  }

  /** Leaves, so that others need not find out. Blocks for as long as saying so takes. */
  public void leave() {
    caches.stop();
    channel.close();
  }
}
