import ArgumentParser
import LabSupport

/// A sentence of the help, in the language that the environment asks for.
func said(_ en: String, _ zh: String) -> String { Text(en: en, zh: zh)[Console.language] }

/// The same for an option's or argument's help.
func help(_ en: String, _ zh: String, valueName: String? = nil) -> ArgumentHelp { ArgumentHelp(said(en, zh), valueName: valueName) }
