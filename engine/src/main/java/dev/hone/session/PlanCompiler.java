package dev.hone.session;

import dev.hone.graph.Graph;
import dev.hone.kernel.Kernel;
import dev.hone.machine.Machine;
import dev.hone.nativecode.llvm.LlvmCompiler;
import dev.hone.nativecode.llvm.Target;
import dev.hone.nativecode.system.NativeCode;
import dev.hone.runtime.Lowering;
import dev.hone.runtime.PackedConstants;
import dev.hone.runtime.Plan;
import dev.hone.runtime.PlanSource;

/** Fused graph → steps → kernels → LLVM IR → machine code → plan. */
final class PlanCompiler {
    private PlanCompiler() {}

    /** @throws dev.hone.HoneException of category UNSUPPORTED when a node has no kernel */
    static Plan compile(Graph fused, SessionOptions options) {
        PlanSource source = Lowering.lower(fused, options.isa(), options.schedules());
        LlvmCompiler compiler = LlvmCompiler.get();
        byte[] object = object(source, compiler.host(Machine.detect(), options.isa()));
        return Plan.bind(source, NativeCode.load(object), new PackedConstants(), options.threads());
    }

    /** Machine code of all kernels of a plan. */
    static byte[] object(PlanSource source, Target target) {
        return LlvmCompiler.get().emitObject(Kernel.module(source.kernels()), target);
    }
}
