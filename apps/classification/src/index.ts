export { classification } from './classification';
export { changeReportText } from './kle/change-report-text';
export { faultText, InvalidKle } from './kle/fault';
export { readUuidList } from './kle/read-kle';
export { importKle, type ImportOptions } from './kle-register/kle-import';
export { classificationRules } from './rules';
