// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may import whom. The packages' own words are in their package-info.java. */
@AnalyzeClasses(packages = "org.pushserver", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule pushKnowsOnlyTheJdk =
      classes()
          .that()
          .resideInAPackage("..push..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.pushserver.push..");

  @ArchTest
  static final ArchRule spiKnowsOnlyPush =
      noClasses()
          .that()
          .resideInAPackage("org.pushserver.spi..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                      "org.pushserver..")
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                              "org.pushserver.push..", "org.pushserver.spi.."))));

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("org.pushserver.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyDispatchUsesTheEventBus =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.pushserver.dispatch..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.vertx.core.eventbus..");
}
