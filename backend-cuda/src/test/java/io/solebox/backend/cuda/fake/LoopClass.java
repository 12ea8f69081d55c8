package io.solebox.backend.cuda.fake;

import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;

/**
 * A loop over the lanes of a warp around an operation on one lane. Each operation gets a class of
 * its own, of which it is a constant: so the just-in-time compiler inlines it with all that it
 * calls, and the interpreter runs many times faster than with a call per lane.
 *
 * <pre>
 *   for (int lane = 0; lane &lt; 32; lane++)
 *     if (mask &gt;&gt;&gt; lane &amp; 1)            // this line only where some lane is off
 *       r[slot0 + lane] = operation.of(r[slot1 + lane], q[slot2 + lane]);
 * </pre>
 *
 * @param files the register file of the result and of each operand, as in {@code rrq}
 */
record LoopClass(String files, Constructor<?> constructor) {
  private static final ClassDesc SELF = desc(LoopClass.class).nested("Made");
  private static final ClassDesc WARP = desc(Warp.class);
  private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, WARP, CD_int);
  private static final ClassDesc INT_ARRAY = CD_int.arrayType();
  private static final MethodTypeDesc SET_PREDICATE =
      MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_int);
  private static final String SLOT = "slot";

  // Local variables of run.
  private static final int WARP_AT = 1;
  private static final int MASK = 2;
  private static final int LANE = 3;
  private static final int INTS = 4;
  private static final int LONGS = 5;
  private static final int TESTS = 6;
  private static final int SLOT_0 = 7;

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  /**
   * @param type the operation's interface, with one method of the name {@code of}
   */
  static LoopClass define(Class<?> type, String files, Object operation) {
    byte[] bytes =
        ClassFile.of()
            .build(
                SELF,
                made -> {
                  made.withInterfaceSymbols(desc(Instruction.class));
                  fields(made, files.length());
                  made.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, new Run(type, files)::emit);
                });
    try {
      Class<?> made =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(bytes, operation, true)
              .lookupClass();
      return new LoopClass(files, made.getDeclaredConstructors()[0]);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** An instruction with these slots, the result's first. */
  Instruction at(int... slots) {
    try {
      return (Instruction) constructor.newInstance((Object) slots);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** A field for each slot, and the constructor that sets them from an array. */
  private static void fields(ClassBuilder made, int count) {
    for (int i = 0; i < count; i++) {
      made.withField(SLOT + i, CD_int, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    }
    made.withMethodBody(
        INIT_NAME,
        MethodTypeDesc.of(CD_void, INT_ARRAY),
        0,
        code -> {
          code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void);
          for (int i = 0; i < count; i++) {
            code.aload(0).aload(1).loadConstant(i).iaload().putfield(SELF, SLOT + i, CD_int);
          }
          code.return_();
        });
  }

  /** Writes the method that runs the loop. */
  private record Run(Class<?> type, String files) {
    void emit(CodeBuilder code) {
      code.aload(WARP_AT).getfield(WARP, "r", INT_ARRAY).astore(INTS);
      code.aload(WARP_AT).getfield(WARP, "q", CD_long.arrayType()).astore(LONGS);
      code.iconst_0().istore(TESTS);
      for (int i = 0; i < files.length(); i++) {
        code.aload(0).getfield(SELF, SLOT + i, CD_int).istore(SLOT_0 + i);
      }
      if (files.charAt(0) == 'p') {
        lanes(code, false);
        code.aload(WARP_AT).iload(SLOT_0).iload(TESTS).iload(MASK);
        code.invokevirtual(WARP, "setPredicate", SET_PREDICATE);
      } else {
        code.iload(MASK).iconst_m1();
        code.ifThenElse(Opcode.IF_ICMPEQ, all -> lanes(all, false), some -> lanes(some, true));
      }
      code.return_();
    }

    private void lanes(CodeBuilder code, boolean masked) {
      Label top = code.newLabel();
      Label next = code.newLabel();
      code.iconst_0().istore(LANE).labelBinding(top);
      if (masked) {
        code.iload(MASK).iload(LANE).iushr().iconst_1().iand().ifeq(next);
      }
      lane(code);
      code.labelBinding(next);
      code.iinc(LANE, 1).iload(LANE).loadConstant(Registers.LANES).if_icmplt(top);
    }

    private void lane(CodeBuilder code) {
      char result = files.charAt(0);
      if (result != 'p') {
        element(code, 0);
      }
      code.loadConstant(DynamicConstantDesc.ofNamed(BSM_CLASS_DATA, DEFAULT_NAME, desc(type)));
      for (int i = 1; i < files.length(); i++) {
        element(code, i);
        code.arrayLoad(kind(i));
      }
      code.invokeinterface(desc(type), "of", operation());
      if (result == 'p') {
        code.iload(LANE).ishl().iload(TESTS).ior().istore(TESTS);
      } else {
        code.arrayStore(kind(0));
      }
    }

    private TypeKind kind(int operand) {
      return files.charAt(operand) == 'q' ? TypeKind.LONG : TypeKind.INT;
    }

    /** The register file and the index in it. */
    private void element(CodeBuilder code, int operand) {
      code.aload(files.charAt(operand) == 'q' ? LONGS : INTS);
      code.iload(SLOT_0 + operand).iload(LANE).iadd();
    }

    private MethodTypeDesc operation() {
      ClassDesc[] operands =
          files
              .substring(1)
              .chars()
              .mapToObj(f -> f == 'q' ? CD_long : CD_int)
              .toArray(ClassDesc[]::new);
      ClassDesc result =
          switch (files.charAt(0)) {
            case 'q' -> CD_long;
            case 'r' -> CD_int;
            default -> CD_boolean;
          };
      return MethodTypeDesc.of(result, operands);
    }
  }
}
