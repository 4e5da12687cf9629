package dev.hone.structure;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may import whom, and who may call what. Rules about packages that do not exist yet hold for nothing. */
final class ArchitectureTest {
    @SuppressWarnings("NullAway.Init") // set before the first test
    private static JavaClasses product;

    @BeforeAll
    static void readClasses() {
        product = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/") && !location.contains("-tests.jar"))
                .importPackages("dev.hone");
        assertThat(product.size()).as("classes that the rules look at").isGreaterThan(50);
    }

    @Test
    void packagesImportOnlyWhatStandsAboveThem() {
        classes().should(importOnlyUpwards()).check(product);
    }

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("dev.hone.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(
                        alwaysTrue(), describe("face of session", (JavaClass type) -> Layers.isFace(type.getName())))
                .allowEmptyShould(true)
                .check(product);
    }

    @Test
    void referenceBorrowsNothingFromTheCompiledRoad() {
        noClasses()
                .that()
                .resideInAPackage("dev.hone.reference..")
                .should()
                .transitivelyDependOnClassesThat()
                .resideInAnyPackage(
                        "dev.hone.transform..",
                        "dev.hone.quantize..",
                        "dev.hone.kernel..",
                        "dev.hone.nativecode..",
                        "dev.hone.tune..",
                        "dev.hone.runtime..")
                .allowEmptyShould(true)
                .check(product);
    }

    @Test
    void runtimeNeedsNoCompiler() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.hone.runtime..", "dev.hone.artefact..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.hone.nativecode.llvm..")
                .allowEmptyShould(true)
                .check(product);
    }

    @Test
    void onlyNativecodeLinksAndReinterprets() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hone.nativecode..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class)
                .orShould()
                .callMethodWhere(describe(
                        "MemorySegment.reinterpret",
                        call -> call.getTarget().getName().equals("reinterpret")
                                && call.getTargetOwner().isAssignableTo(MemorySegment.class)))
                .check(product);
    }

    @Test
    void onlyTheCommandPrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.hone.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(product);
    }

    @Test
    void randomnessIsSeeded() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .callMethod(Math.class, "random")
                .check(product);
    }

    private static ArchCondition<JavaClass> importOnlyUpwards() {
        return new ArchCondition<>("import only packages that stand above theirs") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                int place = Layers.of(type.getPackageName());
                if (place < 0) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is in a package without a place in Layers.ORDER"));
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    boolean judged = Layers.isOurs(target.getPackageName()) && !Layers.isFace(target.getName());
                    if (judged && Layers.of(target.getPackageName()) > place) {
                        events.add(SimpleConditionEvent.violated(type, dependency.getDescription()));
                    }
                }
            }
        };
    }
}
