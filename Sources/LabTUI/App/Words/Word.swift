/// Every fixed word that the screens use; `text` has them in all languages.
package enum Word: Sendable, CaseIterable {
    case keyGo, keyRun, keyCancel, keyHint, keyEdit, keyHelp, keyQuit, keyVerify, keyNext, keyPrevious, keyPane, keySearch, keyFindNext
    case keyFindPrevious, keyFollow, keyPalette, keyCopy, keyList, keyAuto, keyZoom, keyTab, keyLanguage, keyMove, keyOutput, keyDoctor
    case keyUnfold, keyAgain, doctorTitle, doctorLooks
    case keyTelemetry, keyReport, keySkip, keyReset, keyWrap, keyTime, keySave, keyTheme, keyMouse, keyRedraw, keyStop, keyBack
    case keyClose, keyScroll, keyChoose, keyYes, keyNo, keyEnter, keyLater, keyFix
    case helpGo, helpRun, helpCancel, helpHint, helpEdit, helpHelp, helpQuit, helpVerify, helpNext, helpPrevious, helpPane
    case helpPreviousPane, helpSearch, helpFindNext, helpFindPrevious, helpFollow, helpPalette, helpCopyCommand, helpCopyOutput, helpList
    case helpAuto, helpZoom, helpPreviousTab, helpNextTab, helpLanguage, helpUp, helpDown, helpLeft, helpRight, helpTop, helpBottom
    case helpPageUp, helpPageDown, helpOutput, helpDoctor, helpTelemetry, helpReport, helpSkip, helpReset, helpWrap, helpTime, helpSave
    case helpTheme, helpMouse, helpRedraw, helpStop, helpBack, helpStep, helpFix
    case stateOpen, stateRunning, stateDone, stateFailed, stateWaiting, stateBlocked, stateCancelled, stateInterrupted, stateSkipped
    case tabText, tabOutput, tabChecks, tabDiagnosis, tabTelemetry, tabFiles
    case steps, explanation, help, commands, search, shell, reset, quit
    case readingLab, readingHistory, engineUnknown, engineUnreachable, engineRetry, noCommand, nothingRun, nothingRunHint, noOutput,
        noChecks
    case notLooked, wanted, found, nearest, advice, diagnosisEmpty, diagnosisWill, reporting, noFiles, yourFile,
        fileMissing
    case hints, hintKey, noHints, reference, referenceKey, erratum, printed, why, instead, loss, accuracy, prediction, wasRight, wasWrong
    case copied, copiedNothing, notFound, followOn, followOff, wrapOn, wrapOff, timeOn, timeOff, mouseOn, mouseOff, launching,
        alreadyRunning
    case cancelling, killing, looking, looksDone, looksOpen, quitRunning, resetNothing, noGPU, free, unfinished
    case optional, expected, satisfied, runLost, shellExplains, tooSmall, noEditorFile, needTask
    case cureKey, noCure, cureChanges, cureUndo
    case demoOnly, demoBegins, demoOver, keysTitle, filter, keyFilter, helpFilter, filterOff, savedNothing, skipped, unskipped, shellSilent
}
