// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pushserver.config.CassandraSettings;

/**
 * A real Cassandra, a node on loopback and free ports, in a JVM of its own, with its own parts from
 * Maven's repository. It takes 8 to 12 seconds to start, so there is one for all tests of this JVM;
 * each takes a keyspace of its own. It ends with this JVM. Any thread.
 */
public final class TestCassandra {
  private static final Path POM = Path.of("src/test/cassandra/pom.xml");
  private static final Pattern LISTENS = Pattern.compile("Starting listening for CQL clients");
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The first time, its parts have to be fetched: 68 MB. */
  private static final Duration FETCHING = Duration.ofMinutes(10);

  /** It needs a part of Java that later ones do not have. */
  private static final int NEWEST_JAVA = 23;

  private static final List<String> EXPORTS =
      List.of(
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.rmi/sun.rmi.transport.tcp",
          "java.sql/java.sql",
          "jdk.unsupported/sun.misc");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.io",
          "java.base/java.lang",
          "java.base/java.lang.module",
          "java.base/java.lang.reflect",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.util.jar",
          "java.base/sun.nio.ch",
          "jdk.management/com.sun.management.internal");

  private static TestCassandra shared;

  /** Who may do everything, where there are logins. */
  public static final String ADMINISTRATOR = "cassandra";

  private static final String LOGINS =
      """
      authenticator: PasswordAuthenticator
      authorizer: CassandraAuthorizer
      role_manager: CassandraRoleManager
      roles_validity: 0ms
      permissions_validity: 0ms
      credentials_validity: 0ms
      """;

  /**
   * How long a node looks for the first one before it gives up, in milliseconds. The first one
   * itself would wait as long for nobody.
   */
  private static final int SEARCH_MS = 30_000;

  /** So that each of some nodes has as much of the data. */
  private static final long TOKENS_APART = Long.MAX_VALUE / 8;

  private final Path directory;
  private final Ports ports;
  private final boolean hasLogins;

  /** From 1. */
  private final int node;

  private RunningCommand running;
  private CqlSession session;

  /** Those of all nodes of a cluster, which differ by their addresses. */
  private record Ports(int client, int storage) {
    static Ports free() throws IOException {
      try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
          ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return new Ports(one.getLocalPort(), other.getLocalPort());
      }
    }
  }

  private TestCassandra(Ports ports, int node, boolean hasLogins) throws IOException {
    directory = Files.createTempDirectory("pushserver-cassandra");
    this.ports = ports;
    this.node = node;
    this.hasLogins = hasLogins;
    Runtime.getRuntime().addShutdownHook(new Thread(this::end));
  }

  /** The one for all tests of this JVM, which each must leave running. */
  public static synchronized TestCassandra shared() throws Exception {
    if (shared == null) {
      assumeJava();
      shared = new TestCassandra(Ports.free(), 1, false);
      shared.start();
    }
    return shared;
  }

  /**
   * Another one, not started, to be ended: whoever asks it has to log in. {@link #ADMINISTRATOR} is
   * name and password of who may do everything.
   */
  public static TestCassandra withLogins() throws IOException {
    assumeJava();
    return new TestCassandra(Ports.free(), 1, true);
  }

  /**
   * The nodes of a cluster, on 127.0.0.1 and those after it: not started, to be started one after
   * the other, and to be ended.
   */
  public static List<TestCassandra> cluster(int nodes) throws IOException {
    assumeJava();
    Ports ports = Ports.free();
    List<TestCassandra> all = new ArrayList<>();
    for (int node = 1; node <= nodes; node++) {
      all.add(new TestCassandra(ports, node, false));
    }
    return all;
  }

  private static void assumeJava() {
    assumeTrue(
        Runtime.version().feature() <= NEWEST_JAVA, "Cassandra 5 does not run on so new a Java");
  }

  /** Starts it, and waits until it listens. Its data are those that it left. */
  public void start() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    EXPORTS.forEach(name -> command.add("--add-exports=" + name + "=ALL-UNNAMED"));
    OPENS.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    if (Runtime.version().feature() > 17) {
      command.add("-Djava.security.manager=allow");
    }
    command.addAll(
        List.of(
            "-Djdk.attach.allowAttachSelf=true",
            "-Xms128m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dcassandra.config=" + write("cassandra.yaml", configuration()).toUri(),
            "-Dlogback.configurationFile=" + write("logback.xml", LOG),
            "-Dcassandra.storagedir=" + directory,
            "-Dcassandra-foreground=yes",
            "-Dcassandra.skip_wait_for_gossip_to_settle=0",
            "-Dcassandra.ring_delay_ms=" + (node == 1 ? 0 : SEARCH_MS),
            "-Dcassandra.initial_token=" + (node - 1) * TOKENS_APART,
            "-Dcassandra.superuser_setup_delay_ms=0",
            "-Dcassandra.auth_bcrypt_gensalt_log2_rounds=4",
            "-cp",
            classPath() + File.pathSeparator + Path.of("target/test-classes").toAbsolutePath(),
            CassandraProcess.class.getName()));
    running = Command.of(command).in(directory).start();
    Await.until(
        PATIENCE,
        () -> {
          String said = running.said();
          if (!running.process().isAlive()) {
            throw new AssertionError("it ended:\n" + said);
          }
          return LISTENS.matcher(said).find();
        },
        () -> "it does not listen, see " + directory);
  }

  private static final String LOG =
      """
      <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d %level %logger{0} %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="out"/></root>
      </configuration>
      """;

  private String configuration() {
    return """
        cluster_name: test
        num_tokens: 1
        partitioner: org.apache.cassandra.dht.Murmur3Partitioner
        endpoint_snitch: SimpleSnitch
        seed_provider:
          - class_name: org.apache.cassandra.locator.SimpleSeedProvider
            parameters: [{seeds: "127.0.0.1:%s"}]
        auto_bootstrap: false
        storage_port: %s
        listen_address: %s
        rpc_address: %s
        native_transport_port: %s
        start_native_transport: true
        commitlog_sync: batch
        commitlog_segment_size: 4MiB
        commitlog_total_space: 32MiB
        memtable_heap_space: 32MiB
        memtable_offheap_space: 32MiB
        file_cache_size: 16MiB
        concurrent_reads: 4
        concurrent_writes: 4
        concurrent_compactors: 1
        hinted_handoff_enabled: false
        auto_snapshot: false
        """
            .formatted(ports.storage(), ports.storage(), host(), host(), ports.client())
        + (hasLogins ? LOGINS : "");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  /** All that it is made of: where Maven has it, which fetches what is missing. */
  private static String classPath() throws IOException, InterruptedException {
    Path file = Path.of("target/cassandra.cp").toAbsolutePath();
    if (!isFresh(file)) {
      List<String> command =
          new ArrayList<>(List.of("mvn", "-B", "-ntp", "-q", "-Dstyle.color=never"));
      Path proxy = Path.of("target/proxy-settings.xml").toAbsolutePath();
      if (Files.exists(proxy)) {
        command.addAll(List.of("-s", proxy.toString()));
      }
      if (System.getProperty("pushserver.maven", "").equals("offline=true")) {
        command.add("-o");
      }
      String repository = System.getProperty("pushserver.repository", "");
      if (!repository.isEmpty()) {
        command.add("-Dmaven.repo.local=" + repository);
      }
      command.addAll(
          List.of("-f", POM.toString(), "dependency:build-classpath", "-Dmdep.outputFile=" + file));
      Command.Ended ended =
          Command.of(command)
              .with(Map.of("JAVA_HOME", System.getProperty("java.home")))
              .within(FETCHING)
              .run();
      assertEquals(0, ended.code(), ended.said());
    }
    return Files.readString(file).strip();
  }

  private static boolean isFresh(Path file) throws IOException {
    return Files.exists(file)
        && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(POM)) > 0
        && Stream.of(Files.readString(file).strip().split(File.pathSeparator, -1))
            .allMatch(part -> Files.exists(Path.of(part)));
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return InetSocketAddress.createUnresolved(host(), ports.client());
  }

  private String host() {
    return "127.0.0." + node;
  }

  /** Its process. */
  public ProcessHandle process() {
    return running.process().toHandle();
  }

  /** Sends its process a signal, such as {@code STOP}. */
  public void signal(String name) throws IOException, InterruptedException {
    Command.Ended ended = Command.of("kill", "-" + name, process().pid() + "").run();
    assertEquals(0, ended.code(), ended.said());
  }

  /** Kills it, as the power of its machine does, and waits until it has ended. */
  public synchronized void kill() throws IOException, InterruptedException {
    if (session != null) {
      session.close();
      session = null;
    }
    Process process = running.process();
    process.destroyForcibly();
    int unused = process.waitFor();
    running.close();
  }

  /** Settings for a keyspace in it, which is there and has nothing else. */
  public CassandraSettings settings(String keyspace) {
    return new CassandraSettings(address(), keyspace);
  }

  /** Says something in CQL, and returns what is answered. */
  public synchronized List<Row> cql(String... statements) {
    if (session == null) {
      session =
          (hasLogins
                  ? CqlSession.builder().withAuthCredentials(ADMINISTRATOR, ADMINISTRATOR)
                  : CqlSession.builder())
              .withConfigLoader(
                  DriverConfigLoader.programmaticBuilder()
                      .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                      .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                      .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                      .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                      .build())
              .addContactPoint(new InetSocketAddress(host(), ports.client()))
              .withLocalDatacenter("datacenter1")
              .build();
    }
    List<Row> rows = new ArrayList<>();
    for (String statement : statements) {
      SimpleStatement patient = SimpleStatement.newInstance(statement).setTimeout(Await.PATIENCE);
      rows.addAll(session.execute(patient).all());
    }
    return rows;
  }

  /** Makes a keyspace with the two tables, as an installation has them. */
  public CassandraSettings keyspace(String name) {
    return keyspace(name, 1);
  }

  /** The same, of which that many nodes keep each row. */
  public CassandraSettings keyspace(String name, int copies) {
    List<Row> unused =
        cql(
            "CREATE KEYSPACE "
                + name
                + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': "
                + copies
                + "}",
            "CREATE TABLE "
                + name
                + ".push_tokens (username text, domain text, device_id text, app_id text,"
                + " background_token text, device_token text, platform text, silent text,"
                + " user_agent text, PRIMARY KEY ((username, domain), device_id, app_id))",
            "CREATE TABLE "
                + name
                + ".mobile_devices (opensipskey text PRIMARY KEY, opensipsval text)");
    return settings(name);
  }

  /** Ends it, and takes away what it has written. */
  public void end() {
    try {
      if (running != null) {
        kill();
      }
      if (!Files.exists(directory)) {
        return;
      }
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
