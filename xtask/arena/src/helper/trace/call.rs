//! One call, read from the task that makes it: its name, and its arguments with what they mean.
#![expect(unsafe_code, reason = "the kernel's description of a stop is a union")]

use std::{fs, fs::File, os::unix::fs::FileExt};

use nix::{sys::ptrace, unistd::Pid};
use probe::{Argument, Call, Parameter, Result, Value, flags, parameters};

use crate::helper::call_name;

/// The longest path that the kernel takes.
const LONGEST_PATH: usize = 4096;

/// The call before which a task has stopped; `None` if the task has gone.
pub(super) fn entered(task: Pid) -> Option<Call> {
    let info = ptrace::syscall_info(task).ok()?;
    if info.op != libc::PTRACE_SYSCALL_INFO_SECCOMP {
        return None;
    }
    // SAFETY: `op` says which member of the union the kernel has filled in.
    let seccomp = unsafe { info.u.seccomp };
    let name = call_name(i64::try_from(seccomp.nr).ok()?);
    let arguments = parameters(&name)
        .iter()
        .zip(seccomp.args)
        .map(|(parameter, raw)| Argument {
            name: parameter.name().to_owned(),
            value: value(task, &name, *parameter, raw),
        })
        .collect();
    Some(Call {
        name,
        arguments,
        result: Result::NotReturned,
        returned_at: None,
        injected: None,
        line: None,
    })
}

/// The result of the call after which a task has stopped.
pub(super) fn result(task: Pid) -> Option<Result> {
    let info = ptrace::syscall_info(task).ok()?;
    if info.op != libc::PTRACE_SYSCALL_INFO_EXIT {
        return None;
    }
    // SAFETY: `op` says which member of the union the kernel has filled in.
    let exit = unsafe { info.u.exit };
    Some(meaning(exit.sval))
}

/// The kernel's own numbers for "make the call again" never reach a program.
fn meaning(value: i64) -> Result {
    match value {
        // ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK.
        -512 | -513 | -514 | -516 => Result::Interrupted,
        -4095..=-1 => Result::Failed {
            errno: i32::try_from(-value).unwrap_or(0),
        },
        value => Result::Returned(value),
    }
}

fn value(task: Pid, call: &str, parameter: Parameter, raw: u64) -> Value {
    match parameter {
        Parameter::Number(_) => Value::Number(raw.cast_signed()),
        Parameter::Address(_) => Value::Address(raw),
        Parameter::Path(_) => match path(task, raw) {
            Some(path) => Value::Path(path),
            None => Value::Address(raw),
        },
        Parameter::Flags(name) => {
            // All flags that we know are ints, and the upper half of the register may hold anything.
            let bits = raw & 0xffff_ffff;
            let names = flags(call, name, bits);
            Value::Flags { bits, names }
        }
        Parameter::Folder(_) | Parameter::Descriptor(_) => descriptor(task, raw as i32),
    }
}

fn descriptor(task: Pid, number: i32) -> Value {
    let target = match number {
        libc::AT_FDCWD => Some("AT_FDCWD".to_owned()),
        _ => fs::read_link(format!("/proc/{task}/fd/{number}"))
            .ok()
            .map(|target| target.to_string_lossy().into_owned()),
    };
    Value::Descriptor { number, target }
}

fn path(task: Pid, address: u64) -> Option<String> {
    let memory = File::open(format!("/proc/{task}/mem")).ok()?;
    let mut bytes = vec![0; LONGEST_PATH];
    // Whatever is there up to the end of the mapping.
    let length = memory.read_at(&mut bytes, address).ok()?;
    let end = bytes[..length].iter().position(|byte| *byte == 0)?;
    Some(String::from_utf8_lossy(&bytes[..end]).into_owned())
}

#[cfg(test)]
mod tests {
    use probe::Result;

    use super::meaning;

    #[test]
    fn a_call_that_the_kernel_makes_again_is_interrupted() {
        assert_eq!(meaning(-512), Result::Interrupted);
        assert_eq!(meaning(-516), Result::Interrupted);
        assert_eq!(meaning(-2), Result::Failed { errno: 2 });
        assert_eq!(meaning(-1), Result::Failed { errno: 1 });
        assert_eq!(meaning(0), Result::Returned(0));
        // A mapping's address is no error.
        assert_eq!(
            meaning(0x7fff_0000_0000),
            Result::Returned(0x7fff_0000_0000)
        );
        assert_eq!(meaning(-5000), Result::Returned(-5000));
    }
}
