// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.Context;
import io.vertx.core.Verticle;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.dispatch.ApplicationSnapshot;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.dispatch.Status;

/** Who may import whom. The packages' own words are in their package-info.java. */
class ArchitectureTest {
  private static final String OURS = "org.pushserver..";

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

  /** Of our own packages; the main package wires all and may import all. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "spi       | push",
        "pem       | ''",
        "config    | push spi pem plugin",
        "log       | ''",
        "route     | spi log",
        "pns       | push spi pem log route",
        "apns      | push spi pem route pns",
        "fcm       | push spi route pns",
        "sylk      | push spi",
        "linphone  | push spi",
        "plugin    | push spi",
        "template  | push spi",
        "events    | push spi",
        "queue     | push spi events",
        "dispatch  | push spi plugin queue events",
        "audit     | push spi route events log",
        "endpoint  | config",
        "observe   | push spi config endpoint queue events dispatch log",
        "ingress   | push spi pem config endpoint events dispatch observe audit log",
        "cli       | ''",
        "sandbox   | cli",
        "client    | cli pem",
      })
  void aPackageImportsOnly(String name, String allowed) {
    String[] packages =
        Arrays.stream((name + " " + (allowed == null ? "" : allowed)).strip().split(" ", -1))
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
  void onlyDispatchUsesTheEventBus() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.pushserver.dispatch..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.core.eventbus..")
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
                            DisabledSection.class))))
        .check(product);
  }

  @Test
  void onlyTheDoorsUseHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "org.pushserver.ingress..",
            "org.pushserver.endpoint..",
            "org.pushserver.observe..",
            "org.pushserver.route..",
            "org.pushserver.pns..",
            "org.pushserver.apns..",
            "org.pushserver.fcm..",
            "org.pushserver.audit..",
            "org.pushserver.sandbox..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx.core.http..", "io.vertx.ext.web..")
        .check(product);
  }
}
