"""Who receives an allowance, how old lists come in, what is paid each month."""

from thongsuot.allowances.models.imports import AllowanceImport, AllowanceRow
from thongsuot.allowances.models.paying import PayAttempt, PayBatch, PayerReport, PayerReportRow, Payment, PayRun
from thongsuot.allowances.models.roll import BaseAmount, Beneficiary, BenefitGroup, GroupRate, Payer

__all__ = [
    "AllowanceImport",
    "AllowanceRow",
    "BaseAmount",
    "Beneficiary",
    "BenefitGroup",
    "GroupRate",
    "PayAttempt",
    "PayBatch",
    "PayRun",
    "Payer",
    "PayerReport",
    "PayerReportRow",
    "Payment",
]
