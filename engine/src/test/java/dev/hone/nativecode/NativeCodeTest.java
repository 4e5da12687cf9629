package dev.hone.nativecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hone.HoneException;
import dev.hone.HoneException.Category;
import dev.hone.machine.Isa;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.nativecode.system.NativeFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
class NativeCodeTest {
    /** With a table of constants, so that data in another section must be found. */
    private static final String IR = """
            @table = private constant [4 x i64] [i64 10, i64 20, i64 30, i64 40]
            define i64 @pick(i64 %index) {
              %place = getelementptr i64, ptr @table, i64 %index
              %value = load i64, ptr %place
              ret i64 %value
            }
            """;

    private static byte[] compile(String ir) {
        LlvmCompiler compiler = LlvmCompiler.get();
        return compiler.emitObject(ir, compiler.host(Machine.detect(), Isa.GENERIC));
    }

    @Test
    void callsWhatWasCompiled() {
        try (NativeCode code = NativeCode.load(compile(IR))) {
            NativeFunction pick = code.function("pick");
            assertThat(pick.call(2, 0, 0)).isEqualTo(30);
            assertThatThrownBy(() -> code.function("other")).hasMessageContaining("other");
        }
    }

    @Test
    void refusesToGiveFunctionsAfterClosing() {
        NativeCode code = NativeCode.load(compile(IR));
        code.close();
        code.close();
        assertThatThrownBy(() -> code.function("pick"))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(Category.CLOSED));
    }

    @Test
    void namesWhatAnObjectNeedsFromOutside() {
        String ir = "declare i64 @outside(i64)\ndefine i64 @inside(i64 %x) {\n"
                + "  %y = call i64 @outside(i64 %x)\n  %z = add i64 %y, 1\n  ret i64 %z\n}\n";
        byte[] object = compile(ir);
        assertThatThrownBy(() -> NativeCode.load(object)).hasMessageContaining("outside");
    }

    @Test
    void explainsIrThatIsBroken() {
        assertThatThrownBy(() -> LlvmCompiler.get().emitObject("define nonsense", Target.x86(Isa.GENERIC)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not parse");
    }

    @Test
    void refusesAnObjectOfAnotherArchitecture() {
        boolean arm = Machine.detect().architecture().equals("aarch64");
        Target other = arm ? Target.x86(Isa.GENERIC) : Target.AARCH64;
        byte[] object = LlvmCompiler.get().emitObject(IR, other);
        assertThatThrownBy(() -> NativeCode.load(object))
                .isInstanceOfSatisfying(
                        HoneException.class,
                        failure -> assertThat(failure.category()).isEqualTo(Category.MACHINE))
                .hasMessageContaining(arm ? "x86_64 cannot run on aarch64" : "aarch64 cannot run on x86_64");
    }
}
