// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.Context;
import io.vertx.core.Verticle;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.bus.AccountResult;
import org.pushserver.bus.DeviceRegistration;
import org.pushserver.bus.NoReplyException;
import org.pushserver.bus.PushClient;
import org.pushserver.bus.PushClientOptions;
import org.pushserver.bus.PushEnd;
import org.pushserver.bus.PushMessage;
import org.pushserver.bus.PushMessageBuilder;
import org.pushserver.bus.PushResult;
import org.pushserver.bus.ResultSubscription;
import org.pushserver.client.PushCommand;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.ForgettableVerticle;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;

/** Who may import whom. The packages' own words are in their package-info.java. */
class ArchitectureTest {
  private static final String OURS = "org.pushserver..";

  /** Methods that change what all of a process has in common. */
  private static final Set<String> PROCESS =
      Set.of(
          "System.exit",
          "System.setProperty",
          "System.getProperties",
          "System.setOut",
          "System.setErr",
          "Runtime.exit",
          "Runtime.halt",
          "Runtime.addShutdownHook",
          "Locale.setDefault",
          "TimeZone.setDefault",
          "Thread.setDefaultUncaughtExceptionHandler",
          "Vertx.exceptionHandler",
          "OwnProcess.claim",
          "Security.addProvider",
          "Security.setProperty");

  private static final Path PAGE = Path.of("src/docs/architecture.md");

  /** A package, what lives there, what it may import. */
  private static final Pattern ROW =
      Pattern.compile("\\| (`[a-z]+`(?: `[a-z]+`)*) \\|.*\\| (nothing|`[a-z]+`(?: `[a-z]+`)*) \\|");

  private static final Pattern CODE = Pattern.compile("(?:`|\\{@code )([a-z]+)[`}]");

  private static final Pattern DECLARED =
      Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w+)");

  private static final Pattern NAMED = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)[`.#(]");

  private static final Pattern IMPORTS = Pattern.compile("Imports (.*?)(?:[.;] |\\. ?\\*/)");

  private static JavaClasses product;

  @BeforeAll
  static void readClasses() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.pushserver");
  }

  @Test
  void pushKnowsOnlyTheJdk() {
    classes()
        .that()
        .resideInAPackage("org.pushserver.push..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.pushserver.push..")
        .check(product);
  }

  /** The table of packages in architecture.md, a row for each package; main may import all. */
  static List<Arguments> packages() throws IOException {
    List<Arguments> rows = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Set<String> imports = row.group(2).equals("nothing") ? Set.of() : names(row.group(2));
        names(row.group(1)).forEach(name -> rows.add(Arguments.of(name, imports)));
      }
    }
    return rows;
  }

  private static Set<String> names(String text) {
    return CODE.matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPackageIsInTheTable() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("src/main/java/org/pushserver"))) {
      assertEquals(
          all.filter(Files::isDirectory).map(one -> one.getFileName().toString()).sorted().toList(),
          packages().stream().map(row -> row.get()[0]).sorted().toList());
    }
  }

  /** A page that names what is gone sends its reader on a search. */
  @Test
  void whatThePageNamesIsThere() throws IOException {
    Set<String> there = new TreeSet<>(Set.of("ServiceLoader"));
    try (Stream<Path> sources = Files.walk(Path.of("src"))) {
      for (Path source : sources.filter(one -> one.toString().endsWith(".java")).toList()) {
        DECLARED
            .matcher(Files.readString(source))
            .results()
            .forEach(found -> there.add(found.group(1)));
      }
    }
    Set<String> gone =
        NAMED
            .matcher(Files.readString(PAGE))
            .results()
            .map(found -> found.group(1))
            .filter(name -> !there.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), gone);
  }

  /** So that who reads a package need not look into the table. */
  @ParameterizedTest
  @MethodSource("packages")
  void aPackageSaysWhatItImports(String name, Set<String> allowed) throws IOException {
    Path info = Path.of("src/main/java/org/pushserver", name, "package-info.java");
    Matcher said = IMPORTS.matcher(Files.readString(info).replaceAll("\\s+(\\* )?", " "));
    assertTrue(said.find(), info + " has no sentence that begins with Imports");
    assertEquals(allowed, names(said.group(1)), info::toString);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void aPackageImportsOnly(String name, Set<String> allowed) {
    String[] packages =
        Stream.concat(Stream.of(name), allowed.stream())
            .map(one -> "org.pushserver." + one + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("org.pushserver." + name + "..")
        .should()
        .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAnyPackage(packages))))
        .check(product);
  }

  @Test
  void noCycles() {
    slices().matching("org.pushserver.(*)..").should().beFreeOfCycles().check(product);
  }

  /** One word for one thing: whoever searches for a name finds one class. */
  @Test
  void noTwoClassesShareAName() {
    Map<String, List<String>> shared =
        product.stream()
            .filter(one -> one.isTopLevelClass() && !one.getSimpleName().equals("package-info"))
            .collect(
                Collectors.groupingBy(
                    JavaClass::getSimpleName,
                    TreeMap::new,
                    Collectors.mapping(JavaClass::getFullName, Collectors.toList())));
    assertFalse(shared.isEmpty());
    shared.values().removeIf(names -> names.size() == 1);
    assertEquals(Map.of(), shared);
  }

  @Test
  void onlyDispatchTheClusterAndTheDoorForServicesUseTheEventBus() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.pushserver.dispatch..", "org.pushserver.bus..", "org.pushserver.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.core.eventbus..")
        .check(product);
  }

  /** It runs in other processes, too, which have no server and nothing that a server needs. */
  @Test
  void theClientForServicesStandsOnVertxAlone() {
    DescribedPredicate<JavaClass> client =
        belongToAnyOf(
            PushClient.class,
            PushClientOptions.class,
            PushMessage.class,
            PushMessageBuilder.class,
            PushResult.class,
            PushEnd.class,
            AccountResult.class,
            DeviceRegistration.class,
            ResultSubscription.class,
            NoReplyException.class);
    DescribedPredicate<JavaClass> ofTheClient =
        DescribedPredicate.describe(
            "belong to the client", one -> client.test(one.getBaseComponentType()));
    classes()
        .that(client)
        .should()
        .onlyDependOnClassesThat(
            ofTheClient.or(
                resideInAnyPackage(
                    "java..",
                    "io.vertx.core",
                    "io.vertx.core.buffer..",
                    "io.vertx.core.eventbus..",
                    "io.vertx.core.json..")))
        .check(product);
  }

  /** It is told what to do, and when, on whichever thread: so that tests need neither. */
  @Test
  void theQueueKnowsNoVerticleAndNoEventLoop() {
    noClasses()
        .that()
        .resideInAPackage("org.pushserver.queue..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Vertx.class, Context.class, Verticle.class, VerticleBase.class)
        .check(product);
  }

  /** Who listens or looks needs not know how applications are run. */
  @Test
  void monitoringOnlyLooksAtTheApplications() {
    noClasses()
        .that()
        .resideInAPackage("org.pushserver.observe..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.pushserver.dispatch..")
                .and(
                    not(
                        belongToAnyOf(
                            RunningApplications.class,
                            ApplicationSnapshot.class,
                            Status.class,
                            DisabledSection.class,
                            ForgettableVerticle.class))))
        .check(product);
  }

  /** What they share has another name; only the list of them knows all. */
  @ParameterizedTest
  @ValueSource(strings = {"Flexisip", "FlexiApi", "Matrix", "Gorush", "MongoosePush", "Mattermost"})
  void noDialectKnowsAnother(String dialect) {
    noClasses()
        .that()
        .resideInAPackage("org.pushserver.dialect..")
        .and()
        .haveSimpleNameStartingWith(dialect)
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.pushserver.dialect..")
                .and(simpleNameEndingWith("Reader").or(simpleNameEndingWith("Writer")))
                .and(not(simpleNameStartingWith(dialect)))
                .and(not(simpleNameStartingWith("Dialect"))))
        .check(product);
  }

  @Test
  void onlyTheDoorsUseHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.pushserver.console..",
            "org.pushserver.search..",
            "org.pushserver.endpoint..",
            "org.pushserver.ingress..",
            "org.pushserver.observe..",
            "org.pushserver.route..",
            "org.pushserver.pns..",
            "org.pushserver.apns..",
            "org.pushserver.fcm..",
            "org.pushserver.audit..",
            "org.pushserver.sandbox..")
        .should()
        .dependOnClassesThat(
            // Which is of every TLS server, though it stands there.
            resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..")
                .and(not(belongToAnyOf(ClientAuth.class))))
        .check(product);
  }

  /** The server may be within another program, whose process it is then. */
  @Test
  void onlyCommandsTouchTheProcess() {
    DescribedPredicate<JavaMethodCall> touching =
        DescribedPredicate.describe(
            "touching the process",
            call ->
                PROCESS.contains(
                    call.getTargetOwner().getSimpleName() + "." + call.getTarget().getName()));
    noClasses()
        .that()
        .doNotBelongToAnyOf(
            Main.class, OwnVertx.class, Signals.class, RehearseCommand.class, PushCommand.class)
        .and()
        // SQLite can be told in no other way from where it is to be loaded.
        .doNotHaveFullyQualifiedName("org.pushserver.sqlite.NativeCode")
        .should()
        .callMethodWhere(touching)
        .check(product);
    noClasses()
        .that()
        .belongToAnyOf(PushServerVerticle.class, Server.class, Reloader.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Main.class, Signals.class, Logging.class, OwnVertx.class)
        .check(product);
  }
}
